package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageFilesTest {

  @TempDir Path dir;

  @Test
  void greyIsNotBrightened() throws IOException {
    BufferedImage grey = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 9, 5, 60);
    assertColour(TestImages.png(grey), 0, 60, 60, 60);
    assertColour(TestImages.jpeg(grey), 1, 60, 60, 60);
  }

  @Test
  void colourJpegAndPngAgree() throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 9, 5, 200, 120, 40);
    assertColour(TestImages.png(image), 0, 200, 120, 40);
    assertColour(TestImages.jpeg(image), 2, 200, 120, 40);
  }

  @Test
  void cmykIsInvertedAsAdobeWritesIt() throws IOException {
    // Adobe stores 255 - ink: no cyan, full magenta and yellow, no black is red
    assertReddish(TestImages.jpegOfFour(fourChannels(255, 0, 0, 255), 0));
  }

  @Test
  void ycckIsTurnedIntoCmykFirst() throws IOException {
    // the stored 255, 0, 0 is 255 minus cyan, which as Y, Cb, Cr is 179, 171, 0
    assertReddish(TestImages.jpegOfFour(fourChannels(179, 171, 0, 255), 2));
  }

  @Test
  void paletteImagesGetTheirColours() throws IOException {
    IndexColorModel palette =
        new IndexColorModel(8, 2, new byte[] {0, 10}, new byte[] {0, 20}, new byte[] {0, 30});
    BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_INDEXED, palette);
    TestImages.fill(image.getRaster(), 1);
    assertColour(TestImages.png(image), 0, 10, 20, 30);
  }

  @Test
  void oneBitIsBlackAndWhite() throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_BYTE_BINARY, 9, 3, 1);
    assertColour(TestImages.png(image), 0, 255, 255, 255);
  }

  @ParameterizedTest
  @CsvSource({"65535, 255", "0, 0", "32768, 128", "257, 1", "128, 0", "129, 1"})
  void sixteenBitsAreScaledToEight(int stored, int read) throws IOException {
    BufferedImage grey = TestImages.plain(BufferedImage.TYPE_USHORT_GRAY, 4, 3, stored);
    assertColour(TestImages.png(grey), 0, read, read, read);
    BufferedImage colour = sixteenBitColour(4, 3);
    TestImages.fill(colour.getRaster(), stored, 0, 65535);
    assertColour(TestImages.png(colour), 0, read, 0, 255);
  }

  @Test
  void transparentPixelsLieOnWhite() throws IOException {
    int type = BufferedImage.TYPE_4BYTE_ABGR;
    assertColour(TestImages.png(TestImages.plain(type, 4, 3, 10, 20, 30, 255)), 0, 10, 20, 30);
    assertColour(TestImages.png(TestImages.plain(type, 4, 3, 10, 20, 30, 0)), 0, 255, 255, 255);
    assertColour(TestImages.png(TestImages.plain(type, 4, 3, 0, 0, 0, 51)), 0, 204, 204, 204);
  }

  @Test
  void greyWithAlphaIsRead() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        TestImages.fill(
            Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 4, 3, 2, null), 40, 255);
    assertColour(TestImages.png(new BufferedImage(model, raster, false, null)), 0, 40, 40, 40);
  }

  /** The stored image is 1 2 3 / 4 5 6; the second argument is how it was seen. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 123456", "2, 3, 321654", "3, 3, 654321", "4, 3, 456123",
    "5, 2, 142536", "6, 2, 415263", "7, 2, 635241", "8, 2, 362514"
  })
  void exifOrientationIsApplied(int orientation, int width, String seen) throws IOException {
    BufferedImage stored = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 6; i++) {
      stored.getRaster().setPixel(i % 3, i / 3, new int[] {i + 1, i + 1, i + 1});
    }
    byte[] png = TestImages.pngWithOrientation(TestImages.png(stored), orientation);
    assertSeen(ImageFiles.readRgb(TestImages.write(dir.resolve("a.png"), png)), 1, width, seen);
    byte[] jpeg = TestImages.jpegWithOrientation(TestImages.jpeg(enlarged(stored)), orientation);
    assertSeen(ImageFiles.readRgb(TestImages.write(dir.resolve("a.jpg"), jpeg)), 16, width, seen);
  }

  @Test
  void aTruncatedJpegIsRefused() throws IOException {
    byte[] whole = TestImages.jpeg(noise(64, 48));
    for (int length : new int[] {whole.length - 4, whole.length / 2, 700, 20}) {
      Path file = TestImages.write(dir.resolve("cut.jpg"), Arrays.copyOf(whole, length));
      Refusals.assertRefused(() -> ImageFiles.readRgb(file), "cut.jpg is damaged", "replace it");
    }
  }

  @Test
  void aJpegWithBrokenPixelsIsRefused() throws IOException {
    byte[] bytes = TestImages.jpeg(noise(64, 48));
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 200, (byte) 0x55);
    bytes[bytes.length / 2 + 100] = (byte) 0xFF;
    bytes[bytes.length / 2 + 101] = (byte) 0xD9;
    Path file = TestImages.write(dir.resolve("a.jpg"), bytes);
    Refusals.assertRefused(() -> ImageFiles.readRgb(file), "a.jpg is damaged");
  }

  @Test
  void aTruncatedPngIsRefused() throws IOException {
    byte[] whole = TestImages.png(noise(64, 48));
    for (int length : new int[] {whole.length - 13, whole.length / 2, 20, 8}) {
      Path file = TestImages.write(dir.resolve("cut.png"), Arrays.copyOf(whole, length));
      Refusals.assertRefused(
          () -> ImageFiles.readRgb(file), "cut.png is damaged (truncated after " + length);
    }
  }

  @Test
  void aFlippedBitInAMaskIsRefused() throws IOException {
    byte[] bytes = TestImages.png(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 40, 30, 3));
    bytes[50] ^= 4;
    Path file = TestImages.write(dir.resolve("m.png"), bytes);
    Refusals.assertRefused(() -> ImageFiles.readLabels(file), "m.png is damaged", "check sum");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path text = TestImages.write(dir.resolve("a.jpg"), "no image".getBytes(StandardCharsets.UTF_8));
    Refusals.assertRefused(
        () -> ImageFiles.readRgb(text), "a.jpg is no image of a format that is read");
    Path empty = TestImages.write(dir.resolve("e.png"), new byte[0]);
    Refusals.assertRefused(() -> ImageFiles.readRgb(empty), "e.png is empty");
    Path none = dir.resolve("none.jpg");
    Refusals.assertRefused(() -> ImageFiles.readRgb(none), "none.jpg: there is no such file");
    Refusals.assertRefused(() -> ImageFiles.readRgb(dir), "cannot read " + dir);
  }

  @Test
  void masksKeepTheirStoredValues() throws IOException {
    assertValues(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 4, 3, 77), 77);
    assertValues(TestImages.plain(BufferedImage.TYPE_USHORT_GRAY, 4, 3, 1000), 1000);
    assertValues(TestImages.plain(BufferedImage.TYPE_BYTE_BINARY, 4, 3, 1), 1);
    byte[] same = new byte[9]; // a palette of nine equal colours
    IndexColorModel palette = new IndexColorModel(4, 9, same, same, same);
    BufferedImage indexed = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_BINARY, palette);
    TestImages.fill(indexed.getRaster(), 7);
    assertValues(indexed, 7);
  }

  @Test
  void colourMasksAreRefusedWithWhatAMaskIs() throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 4, 3, 1, 2, 3);
    Path png = TestImages.write(dir.resolve("m.png"), TestImages.png(image));
    Refusals.assertRefused(
        () -> ImageFiles.readLabels(png), "m.png is a PNG image with 3 channels", "must be a PNG");
    BufferedImage grey = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 4, 3, 1);
    Path jpeg = TestImages.write(dir.resolve("m.jpg"), TestImages.jpeg(grey));
    Refusals.assertRefused(
        () -> ImageFiles.readLabels(jpeg), "m.jpg is a JPEG image with 1 channel", "must be a PNG");
  }

  @Test
  void aWrittenMaskReadsBackTheSame() {
    byte[] labels = new byte[256];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 150 == 0 ? Sample.VOID : i % 150);
    }
    Path file = dir.resolve("m.png");
    ImageFiles.writeMask(file, 32, 8, labels, Palette.of(150));
    LabelMap read = ImageFiles.readLabels(file);
    for (int i = 0; i < labels.length; i++) {
      assertEquals(labels[i] & 0xFF, read.values()[i]);
    }
    byte[] rgb = ImageFiles.readRgb(file).rgb();
    int second = Palette.of(150).rgb(1);
    assertArrayEquals(
        new byte[] {(byte) (second >> 16), (byte) (second >> 8), (byte) second},
        Arrays.copyOfRange(rgb, 3, 6));
  }

  @Test
  void aWrittenPictureReadsBackTheSame() throws IOException {
    Path file = TestImages.write(dir.resolve("a.png"), TestImages.png(noise(31, 17)));
    Picture picture = ImageFiles.readRgb(file);
    ImageFiles.writeRgb(dir.resolve("b.png"), picture);
    assertArrayEquals(picture.rgb(), ImageFiles.readRgb(dir.resolve("b.png")).rgb());
  }

  @Test
  void aMaskThatCannotBeWrittenSaysSo() {
    Path file = dir.resolve("no/such/folder/m.png");
    Refusals.assertRefused(
        () -> ImageFiles.writeMask(file, 1, 1, new byte[1], Palette.of(2)),
        "cannot write " + file + ": there is no folder " + file.getParent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.jpg", "a.JPEG", "a.b.png", "x/a.PNG", "a.jfif", "a.jpe", "a.TIF", "a.webp", "a.bmp",
        "a.gif"
      })
  void imagesAreKnownByTheirEnding(String name) {
    assertTrue(ImageFiles.isImage(Path.of(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "jpg", ".png", "a.png.part", "a.heic", "a.jp2"})
  void otherEndingsAreNotImages(String name) {
    assertFalse(ImageFiles.isImage(Path.of(name)));
  }

  private void assertColour(byte[] bytes, int tolerance, int... expected) throws IOException {
    Path file = TestImages.write(dir.resolve("image"), bytes);
    byte[] rgb = ImageFiles.readRgb(file).rgb();
    for (int i = 0; i < rgb.length; i++) {
      assertEquals(expected[i % 3], rgb[i] & 0xFF, tolerance, "byte " + i);
    }
  }

  private void assertReddish(byte[] bytes) throws IOException {
    Path file = TestImages.write(dir.resolve("four.jpg"), bytes);
    byte[] rgb = ImageFiles.readRgb(file).rgb();
    String seen = (rgb[0] & 0xFF) + " " + (rgb[1] & 0xFF) + " " + (rgb[2] & 0xFF);
    assertTrue((rgb[0] & 0xFF) > 200 && (rgb[1] & 0xFF) < 60 && (rgb[2] & 0xFF) < 60, seen);
  }

  private void assertValues(BufferedImage mask, int expected) throws IOException {
    Path file = TestImages.write(dir.resolve("mask.png"), TestImages.png(mask));
    int[] values = new int[mask.getWidth() * mask.getHeight()];
    Arrays.fill(values, expected);
    assertArrayEquals(values, ImageFiles.readLabels(file).values());
  }

  /** Checks the middle of every tile of {@code scale} pixels; JPEG tiles are 40 times as bright. */
  private static void assertSeen(Picture picture, int scale, int width, String seen) {
    assertEquals(width * scale, picture.width());
    for (int i = 0; i < seen.length(); i++) {
      int x = i % width * scale + scale / 2;
      int y = i / width * scale + scale / 2;
      int value = picture.rgb()[3 * (y * picture.width() + x)] & 0xFF;
      int expected = (seen.charAt(i) - '0') * (scale == 1 ? 1 : 40);
      assertEquals(expected, value, scale == 1 ? 0 : 3);
    }
  }

  private static BufferedImage enlarged(BufferedImage image) {
    BufferedImage large =
        new BufferedImage(
            16 * image.getWidth(), 16 * image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < large.getHeight(); y++) {
      for (int x = 0; x < large.getWidth(); x++) {
        int value = 40 * image.getRaster().getSample(x / 16, y / 16, 0);
        large.getRaster().setPixel(x, y, new int[] {value, value, value});
      }
    }
    return large;
  }

  private static BufferedImage noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < width * height; i++) {
      int v = i * 0x9E3779B1;
      image
          .getRaster()
          .setPixel(i % width, i / width, new int[] {v >>> 24, v >>> 16 & 0xFF, v >>> 8 & 0xFF});
    }
    return image;
  }

  private static WritableRaster fourChannels(int... values) {
    return TestImages.fill(
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null), values);
  }

  private static BufferedImage sixteenBitColour(int width, int height) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);
    return new BufferedImage(
        model,
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, height, 3, null),
        false,
        null);
  }
}
