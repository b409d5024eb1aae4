package org.segtrain.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;

class CudaLibraryTest {

  @TempDir private Path dir;

  private Path jar;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void writeJar() throws IOException {
    jar = dir.resolve("pytorch-1.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("libs/libc10.so"));
      out.write(new byte[] {1, 2, 3});
    }
  }

  private URL entry(String name) throws MalformedURLException {
    return new URL("jar:%s!/libs/%s".formatted(jar.toUri(), name));
  }

  @Test
  void itIsOfThePyTorchThatTheBuildTakes() throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    assertTrue(pom.contains("<pytorch.version>%s<".formatted(CudaLibrary.PYTORCH)));
  }

  @Test
  void isUnpackedOnce() throws IOException {
    Path folder = dir.resolve("cache/pytorch/2.7.1-cu128");
    Map<String, URL> places = Map.of("libc10.so", entry("libc10.so"));
    CudaLibrary.unpack(places, folder, told::add);
    assertEquals(3, Files.size(folder.resolve("libc10.so")));
    assertEquals(1, told.size());
    assertTrue(told.get(0).startsWith("unpacking PyTorch for CUDA to " + folder), told.get(0));

    CudaLibrary.unpack(places, folder, told::add);
    assertEquals(1, told.size());

    Files.write(folder.resolve("libc10.so"), new byte[2]); // cut off since
    CudaLibrary.unpack(places, folder, told::add);
    assertEquals(3, Files.size(folder.resolve("libc10.so")));
    assertEquals(2, told.size());
    assertEquals(List.of("2.7.1-cu128"), names(folder.getParent()));
  }

  @Test
  void whatCannotBeUnpackedLeavesNothing() throws IOException {
    Path folder = dir.resolve("cache/2.7.1-cu128");
    Map<String, URL> broken = Map.of("libc10.so", entry("libnone.so"));
    DataException wrong =
        assertThrows(DataException.class, () -> CudaLibrary.unpack(broken, folder, told::add));
    assertTrue(wrong.getMessage().startsWith("cannot write " + folder), wrong.getMessage());
    assertEquals(List.of(), names(folder.getParent()));

    Path file = Files.writeString(dir.resolve("file"), "");
    DataException none =
        assertThrows(
            DataException.class, () -> CudaLibrary.unpack(broken, file.resolve("x/y"), told::add));
    assertTrue(none.getMessage().contains("set DJL_CACHE_DIR"), none.getMessage());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
