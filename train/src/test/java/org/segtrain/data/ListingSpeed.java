package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how long 100,000 images and their masks take to be listed and paired, the first time in
 * a JVM, and how long {@code find} takes. Not part of the tests:
 *
 * <pre>
 * mvn -pl train -am test -Dtest=ListingSpeed -Dtests.compiler= -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
final class ListingSpeed {

  private static final int IMAGES = 100_000;

  @Test
  void ofAHundredThousandPairs(@TempDir Path dir) throws Exception {
    Files.writeString(dir.resolve("classes.txt"), "ground\nsky\n");
    fill(dir.resolve("images/training"), ".jpg");
    fill(dir.resolve("annotations/training"), ".png");
    find(dir); // so that the directories are in memory
    for (int run = 0; run < 4; run++) {
      double found = find(dir);
      long start = System.nanoTime();
      int size = FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING);
      double listed = (System.nanoTime() - start) / 1e9;
      assertEquals(IMAGES, size);
      System.out.printf("find %.2f s, listed and paired in %.2f s%n", found, listed);
    }
  }

  private static double find(Path dir) throws Exception {
    long start = System.nanoTime();
    ProcessBuilder find = new ProcessBuilder("find", "-L", dir.toString(), "-type", "f");
    assertEquals(0, find.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor());
    return (System.nanoTime() - start) / 1e9;
  }

  private static void fill(Path folder, String extension) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < IMAGES; i++) {
      Files.createFile(folder.resolve("ADE_train_%08d%s".formatted(i, extension)));
    }
  }
}
