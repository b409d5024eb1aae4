package org.segtrain.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;

/** The library as a file in a folder that processes share. */
class UnpackedLibraryTest {

  private static final int PROCESSES = 4;
  private static final int FILES = 20;

  @TempDir Path folder;

  @Test
  void aWholeFileStaysAsItIs() throws IOException {
    Path file = UnpackedLibrary.in(folder.resolve("made/here"), "some", library(1));
    assertArrayEquals(library(1), Files.readAllBytes(file));
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(file, old);
    assertEquals(file, UnpackedLibrary.in(file.getParent(), "some", library(1)));
    assertEquals(old, Files.getLastModifiedTime(file));
    assertNotEquals(file, UnpackedLibrary.in(file.getParent(), "some", library(2)));
  }

  @Test
  void aDamagedOrForeignFileIsReplaced() throws IOException {
    Path file = UnpackedLibrary.in(folder, "some", library(1));
    byte[] damaged = library(1);
    damaged[50_000]++;
    for (byte[] other : List.of(damaged, new byte[0], new byte[] {1, 2, 3})) {
      Files.write(file, other);
      assertEquals(file, UnpackedLibrary.in(folder, "some", library(1)));
      assertArrayEquals(library(1), Files.readAllBytes(file));
    }
    assertEquals(List.of(file), files());
  }

  @Test
  void theRestOfAKilledProcessGoes() throws IOException {
    Path file = UnpackedLibrary.in(folder, "some", library(1));
    Path rest = folder.resolve(".%s.1-1.part".formatted(file.getFileName()));
    Files.createDirectory(rest);
    Files.write(rest.resolve("content"), new byte[10]);
    UnpackedLibrary.in(folder, "some", library(1));
    assertEquals(List.of(file), files());
  }

  @Test
  void aLinkToAnotherDiskIsFollowed() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), disk);
    assertArrayEquals(
        library(1), Files.readAllBytes(UnpackedLibrary.in(link, "some", library(1)).toRealPath()));
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Configuration disk = Configuration.unix().toBuilder().setMaxSize(32 << 10).build();
    try (FileSystem files = Jimfs.newFileSystem(disk)) {
      Path cache = files.getPath("/cache");
      assertRefused(
          cache, "out of disk space; make room there, or set DJL_CACHE_DIR to another folder");
      try (Stream<Path> left = Files.list(cache)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(file, "cannot unpack a native library to " + file, "set DJL_CACHE_DIR");
    assertRefused(file.resolve("cache"), "Not a directory", "set DJL_CACHE_DIR");
  }

  @Test
  void processesUnpackAtOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Unpacker.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, process.waitFor(), said);
      assertEquals("", said);
    }
    assertEquals(FILES, files().size());
  }

  /** Unpacks one library after the other, which the others do too. */
  static final class Unpacker {

    private Unpacker() {}

    /** Takes the folder. */
    public static void main(String[] arguments) throws IOException {
      Path shared = Path.of(arguments[0]);
      for (int i = 0; i < FILES; i++) {
        Path file = UnpackedLibrary.in(shared, "some", library(i));
        assertArrayEquals(library(i), Files.readAllBytes(file));
      }
    }
  }

  private void assertRefused(Path cache, String... parts) {
    String said =
        assertThrows(DataException.class, () -> UnpackedLibrary.in(cache, "some", library(1)))
            .getMessage();
    for (String part : parts) {
      assertTrue(said.contains(part), said);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static byte[] library(int seed) {
    byte[] bytes = new byte[100_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
