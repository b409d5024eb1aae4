package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/** In processes of their own: a library is loaded once. */
@Tag("slow")
final class OpenCvLibraryTest {

  @TempDir Path cache;

  /** Loads the library and uses it. */
  static final class Loader {

    private Loader() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
      OpenCvLibrary.load();
      System.out.println("of " + Mat.zeros(2, 3, CvType.CV_8UC1).total());
    }
  }

  /** Without a look at its size the JVM dies of a bus error here. */
  @Test
  void aLibraryThatWasCutOffIsUnpackedAgain() throws Exception {
    assertLoads();
    Path library = library();
    long size = Files.size(library);
    try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
      file.truncate(size / 2);
    }
    assertLoads();
    assertEquals(size, Files.size(library));
  }

  private Path library() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  private void assertLoads() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DDJL_CACHE_DIR=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                Loader.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("of 6"), said);
  }
}
