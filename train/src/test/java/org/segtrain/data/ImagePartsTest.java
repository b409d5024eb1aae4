package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that are read by parts have the pixels that they have when they are read whole. */
final class ImagePartsTest {

  private static final int WIDTH = 90;
  private static final int HEIGHT = 70;
  private static final int BAND = 3 * WIDTH * 16; // 16 rows

  @TempDir private Path dir;

  private final SplittableRandom random = new SplittableRandom(4);

  @ParameterizedTest
  @CsvSource({
    "png, 5", "png, 10", "png, 11", "png, 6", "png, 13", "jpg, 5", "jpg, 10", "tif, 5", "tif, 10",
    "tif, 11"
  })
  void partsOfPhotographsAreThoseOfTheWhole(String format, int type) throws IOException {
    assertPartsOf(written("a." + format, noise(type), format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LZW", "Deflate", "PackBits", "JPEG"})
  void compressedStripsOfTiffsAreRead(String compression) throws IOException {
    Path file = dir.resolve("a.tif");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionType(compression);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(noise(BufferedImage.TYPE_3BYTE_BGR), null, null), param);
    }
    assertPartsOf(file);
  }

  /** With numbers of 64 bits; ImageIO has a decoder of its own for it. */
  @Test
  void bigTiffIsRead() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR);
    Path file = written("big.tif", image, "bigtiff");
    assertEquals(43, Files.readAllBytes(file)[2] + Files.readAllBytes(file)[3], "its number");
    assertArrayEquals(
        ImageFiles.readRgb(written("a.tif", image, "tif")).rgb(), ImageFiles.readRgb(file).rgb());
    assertPartsOf(file);
    BufferedImage grey = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 1);
    Path mask = written("m.tif", grey, "bigtiff");
    assertArrayEquals(labels(1), masks(List.of("a", "b")).read(parts(mask), List::of).values());
    assertArrayEquals(labels(1), masks(List.of("a", "b")).read(mask, List::of).values());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void photographsStandUpright(int orientation) throws IOException {
    byte[] jpeg = TestImages.jpeg(noise(BufferedImage.TYPE_3BYTE_BGR));
    Path file = dir.resolve("a.jpg");
    Files.write(file, TestImages.jpegWithOrientation(jpeg, orientation));
    assertPartsOf(file);
  }

  private void assertPartsOf(Path file) {
    Picture whole = ImageFiles.readRgb(file);
    StoredPhotograph parts = new StoredPhotograph(parts(file));
    assertEquals(whole.width(), parts.width());
    assertEquals(whole.height(), parts.height());
    for (int i = 0; i < 30; i++) {
      int left = random.nextInt(whole.width());
      int top = random.nextInt(whole.height());
      int width = random.nextInt(1, whole.width() - left + 1);
      int height = random.nextInt(1, whole.height() - top + 1);
      assertArrayEquals(
          whole.part(left, top, width, height).rgb(), parts.part(left, top, width, height).rgb());
    }
    assertArrayEquals(whole.rgb(), parts.whole().rgb());
  }

  @ParameterizedTest
  @CsvSource({"png, 10", "png, 11", "png, 13", "tif, 10", "tif, 11"})
  void masksHaveTheirStoredValues(String format, int type) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, random.nextInt(3));
    }
    Path file = written("m." + format, image, format);
    Masks masks = masks(List.of("a", "b", "c"));
    byte[] expected = masks.read(file, List::of).values();
    assertArrayEquals(expected, masks.read(parts(file), List::of).values());
  }

  @Test
  void transparencyIsNoSecondChannelOfAMask() throws IOException {
    byte[] png = TestImages.png(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 1));
    Path file = Files.write(dir.resolve("m.png"), withTransparent(png, 1));
    byte[] labels = masks(List.of("a", "b")).read(parts(file), List::of).values();
    assertArrayEquals(labels(1), labels);
  }

  @Test
  void masksInColoursAreRead() throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, WIDTH, HEIGHT, 0, 0, 9);
    image.setRGB(3, 60, 0x090000);
    Path list = Files.writeString(dir.resolve("classes.txt"), "a #090000\nb #000009\n");
    ClassTable table = ClassTable.read(list);
    Masks masks = new Masks(LabelRule.of(table, DataFiles.USUAL), new ColourRule(table), false);
    byte[] expected = labels(1);
    expected[60 * WIDTH + 3] = 0;
    Path file = written("m.png", image, "png");
    assertArrayEquals(expected, masks.read(parts(file), List::of).values());
    image.setRGB(4, 61, 0x090909);
    Path other = written("o.png", image, "png");
    assertRefused(
        () -> masks.read(parts(other), List::of), "#090909 in " + other + " (column 4, row 61)");
  }

  @Test
  void aValueWithoutAClassIsNamedByItsPlace() throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 1);
    image.getRaster().setSample(7, 50, 0, 9);
    Path file = written("m.png", image, "png");
    assertRefused(
        () -> masks(List.of("a", "b")).read(parts(file), List::of),
        "label 9 in " + file + " (column 7, row 50)");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_3BYTE_BGR));
    for (int length : new int[] {png.length / 2, png.length - 13}) {
      Path cut = Files.write(dir.resolve("cut.png"), Arrays.copyOf(png, length));
      assertRefused(() -> parts(cut), "cut.png is damaged (truncated after " + length);
    }
    png[png.length / 2]++;
    Path flipped = Files.write(dir.resolve("flipped.png"), png);
    assertRefused(() -> parts(flipped), "flipped.png is damaged (wrong check sum in its part IDAT");
    for (String format : List.of("jpg", "tif")) {
      byte[] bytes = Files.readAllBytes(written("a." + format, noise(5), format));
      Path cut = Files.write(dir.resolve("cut." + format), Arrays.copyOf(bytes, bytes.length / 2));
      assertRefused(
          () -> new StoredPhotograph(parts(cut)).part(0, 60, WIDTH, 10),
          "cut." + format + " is damaged");
    }
  }

  /** A file of a few bytes may say that it has as many pixels as an array can. */
  @Test
  void aMaskWhoseLabelsTheHeapDoesNotHoldIsRefused() throws IOException {
    byte[] png = TestImages.png(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 1));
    Path file = Files.write(dir.resolve("m.png"), claiming(png, 46_340, 46_340));
    assertRefused(
        () -> masks(List.of("a", "b")).read(parts(file), List::of),
        "m.png is 46340 x 46340 pixels, whose labels take 2.0 GiB of the Java heap");
  }

  @Test
  void anImageOfWhichTheHeapDoesNotHoldARowIsRefused() throws IOException {
    byte[] png = TestImages.png(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, WIDTH, HEIGHT, 1));
    Path file = Files.write(dir.resolve("m.png"), claiming(png, 1 << 28, 1));
    assertRefused(
        () -> parts(file), "m.png is 268435456 x 1 pixels, of which a few rows take 12.0 GiB");
  }

  private static byte[] claiming(byte[] png, int width, int height) {
    byte[] bytes = png.clone();
    ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
    CRC32 sum = new CRC32();
    sum.update(bytes, 12, 17);
    ByteBuffer.wrap(bytes).putInt(29, (int) sum.getValue());
    return bytes;
  }

  @Test
  void filesWithoutTheirEndAreReadAsTheyAreWhole() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_3BYTE_BGR));
    assertPartsOf(Files.write(dir.resolve("endless.png"), Arrays.copyOf(png, png.length - 12)));
    byte[] jpeg = TestImages.jpeg(noise(BufferedImage.TYPE_3BYTE_BGR));
    assertPartsOf(Files.write(dir.resolve("endless.jpg"), Arrays.copyOf(jpeg, jpeg.length - 2)));
  }

  @Test
  void smallImagesAndOtherFormatsAreReadWhole() throws IOException {
    Path file = written("a.png", noise(5), "png");
    assertEquals(Optional.empty(), ImageParts.of(file));
    assertTrue(ImageFiles.open(file) instanceof Picture);
    Path bitmap = written("a.bmp", noise(5), "bmp");
    assertEquals(Optional.empty(), ImageParts.of(bitmap, 1, BAND));
  }

  /** A grey PNG in which one value is transparent. */
  private static byte[] withTransparent(byte[] png, int value) {
    byte[] chunk = {'t', 'R', 'N', 'S', 0, (byte) value};
    CRC32 sum = new CRC32();
    sum.update(chunk);
    return ByteBuffer.allocate(png.length + chunk.length + 8)
        .put(png, 0, 33)
        .putInt(2)
        .put(chunk)
        .putInt((int) sum.getValue())
        .put(png, 33, png.length - 33)
        .array();
  }

  private static ImageParts parts(Path file) {
    return ImageParts.of(file, 1, BAND).orElseThrow();
  }

  private static Masks masks(List<String> classes) {
    ClassTable table = ClassTable.of(classes);
    return new Masks(LabelRule.of(table, DataFiles.USUAL), new ColourRule(table), false);
  }

  private static byte[] labels(int label) {
    byte[] labels = new byte[WIDTH * HEIGHT];
    Arrays.fill(labels, (byte) label);
    return labels;
  }

  private Path written(String name, BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format.equals("tif") ? "tiff" : format, out));
    return Files.write(dir.resolve(name), out.toByteArray());
  }

  private BufferedImage noise(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    WritableRaster raster = image.getRaster();
    int most = type == BufferedImage.TYPE_USHORT_GRAY ? 65536 : 256;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      for (int band = 0; band < raster.getNumBands(); band++) {
        raster.setSample(i % WIDTH, i / WIDTH, band, random.nextInt(most));
      }
    }
    return image;
  }
}
