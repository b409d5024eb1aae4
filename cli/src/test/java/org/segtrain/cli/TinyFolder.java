package org.segtrain.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;

/** A data set of two noisy 40 x 36 images in each split, with two classes, left and right. */
public record TinyFolder(Path dir) {

  static final int WIDTH = 40;
  static final int HEIGHT = 36;

  public static TinyFolder in(Path dir, String... classes) throws IOException {
    TinyFolder folder = new TinyFolder(dir);
    for (String split : List.of("training", "validation")) {
      for (String name : List.of("a", "b")) {
        Files.createDirectories(folder.image(split, name).getParent());
        Files.createDirectories(folder.mask(split, name).getParent());
        ImageFiles.writeRgb(folder.image(split, name), noise(WIDTH, HEIGHT));
        folder.writeMask(split, name, WIDTH, HEIGHT, 1);
      }
    }
    Files.write(dir.resolve("classes.txt"), List.of(classes));
    return folder;
  }

  /**
   * Trains a tiny model on it, one step in fp32.
   *
   * @param run its folder
   * @param crop side of the crops
   * @param more options
   */
  Outcome train(Path run, int crop, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("--backbone", "pvt_tiny", "--dataset", "folder", "--data", dir, "--out", run));
    words.addAll(List.of("--crop", crop, "--batch", 2, "--iterations", 1, "--warmup", 0));
    words.addAll(List.of("--precision", "fp32"));
    words.addAll(List.of(more));
    return Outcome.of(words.toArray());
  }

  Path image(String split, String name) {
    return dir.resolve("images").resolve(split).resolve(name + ".png");
  }

  Path mask(String split, String name) {
    return dir.resolve("annotations").resolve(split).resolve(name + ".png");
  }

  /** Writes a mask of 0 on the left half, {@code right} on the right. */
  void writeMask(String split, String name, int width, int height, int right) {
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % width < width / 2 ? 0 : right);
    }
    ImageFiles.writeMask(mask(split, name), width, height, labels, Palette.of(255));
  }

  static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(1).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }
}
