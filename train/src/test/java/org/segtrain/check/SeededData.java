package org.segtrain.check;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.TestImages;
import org.segtrain.data.internal.Pixels;
import org.segtrain.recipes.Settings;

/**
 * A data set without a fault in the form of CamVid: pictures of grey fields, all different, and
 * masks of four stripes with a little void. Its files can be spoilt.
 */
record SeededData(Path dir) {

  static final int WIDTH = 48;
  static final int HEIGHT = 40;
  static final List<String> CLASSES = List.of("sky", "road", "tree", "car");

  private static final int TRAINING = 20;
  private static final int VALIDATION = 4;

  /** Encoded once for all tests. */
  private static final List<byte[]> PICTURES =
      IntStream.range(0, TRAINING + VALIDATION)
          .mapToObj(i -> png(Pixels.image(picture(i, WIDTH, HEIGHT))))
          .toList();

  private static final byte[] MASK = png(stripes(0, 1, 2, 3));

  private static byte[] png(BufferedImage image) {
    try {
      return TestImages.png(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SeededData in(Path dir) throws IOException {
    SeededData data = new SeededData(dir);
    data.nameClasses(CLASSES);
    for (int i = 0; i < TRAINING + VALIDATION; i++) {
      String split = i < TRAINING ? "training" : "validation";
      String name = "%02d".formatted(i);
      TestImages.write(data.image(split, name + ".png"), PICTURES.get(i));
      TestImages.write(data.mask(split, name), MASK);
    }
    return data;
  }

  void nameClasses(List<String> lines) throws IOException {
    Files.write(dir.resolve("classes.txt"), lines);
  }

  TrainConfig config() {
    return settings().config();
  }

  /** Crops of 64 pixels. */
  Settings settings() {
    return Settings.ofOwnModel("none", DatasetVariant.FOLDER)
        .with("data.path", dir.toString())
        .with("data.crop", 64);
  }

  Path image(String split, String name) {
    return dir.resolve("images").resolve(split).resolve(name);
  }

  Path mask(String split, String name) {
    return dir.resolve("annotations").resolve(split).resolve(name + ".png");
  }

  void write(String split, String name, Picture picture, BufferedImage mask) throws IOException {
    write(image(split, name + ".png"), Pixels.image(picture));
    write(mask(split, name), mask);
  }

  static void write(Path file, BufferedImage image) throws IOException {
    TestImages.write(file, TestImages.png(image));
  }

  /** Fields of random grey, as many as a photograph has details. */
  static Picture picture(int seed, int width, int height) {
    Random random = new Random(seed);
    int[] greys = random.ints(9 * 8, 0, 256).toArray();
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      rgb[i] = (byte) greys[y * 8 / height * 9 + x * 9 / width];
    }
    return new Picture(width, height, rgb);
  }

  /** A grey mask of vertical stripes of these values, and a corner of 255. */
  static BufferedImage stripes(int... values) {
    return stripesOf(WIDTH, HEIGHT, values);
  }

  static BufferedImage stripesOf(int width, int height, int... values) {
    BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      int value = i % width * values.length / width;
      mask.getRaster().setSample(i % width, i / width, 0, i < 4 ? 255 : values[value]);
    }
    return mask;
  }

  /** The same without void. */
  static BufferedImage full(int... values) {
    BufferedImage mask = stripes(values);
    for (int x = 0; x < 4; x++) {
      mask.getRaster().setSample(x, 0, 0, values[0]);
    }
    return mask;
  }

  /** A mask of vertical stripes of these colours. */
  static BufferedImage coloured(int... colours) {
    BufferedImage mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      mask.setRGB(i % WIDTH, i / WIDTH, colours[i % WIDTH * colours.length / WIDTH]);
    }
    return mask;
  }

  /** A mask of vertical stripes of the values from {@code first} on, in a palette. */
  static BufferedImage painted(int first, int... palette) {
    byte[] reds = new byte[256];
    byte[] greens = new byte[256];
    byte[] blues = new byte[256];
    for (int i = 0; i < palette.length; i++) {
      reds[first + i] = (byte) (palette[i] >> 16);
      greens[first + i] = (byte) (palette[i] >> 8);
      blues[first + i] = (byte) palette[i];
    }
    BufferedImage mask =
        new BufferedImage(
            WIDTH,
            HEIGHT,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 256, reds, greens, blues));
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int value = first + i % WIDTH * palette.length / WIDTH;
      mask.getRaster().setSample(i % WIDTH, i / WIDTH, 0, value);
    }
    return mask;
  }

  /** Writes that mask in the place of all. */
  void writeAllMasks(BufferedImage mask) throws IOException {
    for (Path file : masks()) {
      write(file, mask);
    }
  }

  List<Path> masks() throws IOException {
    try (var files = Files.walk(dir.resolve("annotations"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 40));
  }

  /** Turns a bit in the middle, in the pixels. */
  static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 30] ^= 1;
    Files.write(file, bytes);
  }

  /** A PNG that says it is so large, and is not. */
  static void claim(Path file, int width, int height) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
    CRC32 sum = new CRC32();
    sum.update(bytes, 12, 17);
    ByteBuffer.wrap(bytes).putInt(29, (int) sum.getValue());
    Files.write(file, bytes);
  }
}
