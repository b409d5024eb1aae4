package org.segtrain.releases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.files.CheckSum;

/** Killed at random moments, a fetch leaves nothing half under its name, and the next one ends. */
@Tag("slow")
class KilledFetchTest {

  private static final int KILLS = 3;
  private static final int ENTRIES = 3000;

  @TempDir Path folder;
  private final FileServer server = new FileServer(() -> FileServer.SIZE);
  private final Random random = new Random(1);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReleaseIsWholeOrNotThere() throws Exception {
    server.silence = 300;
    Path file = folder.resolve("some_imagenet.pth");
    for (int i = 0; i < KILLS; i++) {
      killAtSomeMoment(FetchingProcess.start(server.uri(), folder));
      if (Files.exists(file)) {
        assertArrayEquals(server.content, Files.readAllBytes(file));
        Files.delete(file);
      }
    }
    end(FetchingProcess.start(server.uri(), folder));
    assertArrayEquals(server.content, Files.readAllBytes(file));
    assertEquals(3, left().size(), left()::toString); // the file, the licence, the lock
  }

  @Test
  void aDataSetIsWholeOrNotThere() throws Exception {
    server.content = zip();
    Path archive = Files.write(folder.resolve("sum"), server.content);
    String sum = CheckSum.sha1(archive);
    Files.delete(archive);
    Path data = folder.resolve("Data");
    for (int i = 0; i < KILLS; i++) {
      killAtSomeMoment(FetchingProcess.start(server.uri(), folder, sum));
      if (Files.exists(data)) {
        assertWhole(data);
        try (Stream<Path> files = Files.list(data)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(data);
      }
    }
    end(FetchingProcess.start(server.uri(), folder, sum));
    assertWhole(data);
    assertEquals(List.of("Data"), left());
  }

  private static void assertWhole(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      assertEquals(ENTRIES, files.count());
    }
  }

  private void killAtSomeMoment(Process process) throws InterruptedException {
    process.waitFor(200 + random.nextInt(2300), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
  }

  private static void end(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < ENTRIES; i++) {
        zip.putNextEntry(new ZipEntry("Data/" + i));
        zip.write(new byte[100]);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
