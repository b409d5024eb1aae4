package org.segtrain.serving;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;

/** Pictures whose brightest channel is known. */
final class Photographs {

  private static final int[] COLOURS = {0xC02010, 0x20C010, 0x1020C0};

  private Photographs() {}

  /** A class for each tile of a picture, at random. */
  static int[][] classes(int width, int height, int tile, long seed) {
    Random random = new Random(seed);
    int[][] tiles = new int[height / tile + 1][width / tile + 1];
    for (int[] row : tiles) {
      for (int x = 0; x < row.length; x++) {
        row[x] = random.nextInt(COLOURS.length);
      }
    }
    int[][] classes = new int[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        classes[y][x] = tiles[y / tile][x / tile];
      }
    }
    return classes;
  }

  static BufferedImage picture(int[][] classes) {
    int height = classes.length;
    int width = classes[0].length;
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, COLOURS[classes[y][x]]);
      }
    }
    return picture;
  }

  static Image image(int[][] classes) {
    return ImageFactory.getInstance().fromImage(picture(classes));
  }

  static byte[] png(int[][] classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    image(classes).save(bytes, "png");
    return bytes.toByteArray();
  }
}
