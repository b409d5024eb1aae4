package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;
import org.segtrain.images.StoredColours;

/** Files of all formats, whole, broken, and called what they are not. */
final class ImageFormatsTest {

  /** Tags of a TIFF. */
  private static final int WIDTH = 256;

  private static final int HEIGHT = 257;
  private static final int COMPRESSION = 259;

  /** 4 x 3, (10, 20, 30) but for (200, 100, 50) in column 1 of row 2; written by libwebp. */
  static final byte[] WEBP =
      Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4TBYAAAAvA4AAAA9wCqgr+J7CY/6DByMQ0f8g");

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "none, false",
    "LZW, false",
    "Deflate, false",
    "ZLib, false",
    "PackBits, false",
    "LZW, true",
    "none, true"
  })
  void tiffIsReadWithEachCompressionInStripsAndTiles(String compression, boolean tiles)
      throws IOException {
    BufferedImage noise = noise(BufferedImage.TYPE_3BYTE_BGR, 70, 50);
    Path file = write("a.tif", tiff(noise, compression, tiles));
    assertArrayEquals(rgb(noise), ImageFiles.readRgb(file).rgb());
    BufferedImage mask = noise(BufferedImage.TYPE_BYTE_GRAY, 70, 50);
    Path labels = write("m.tif", tiff(mask, compression, tiles));
    assertArrayEquals(values(mask), ImageFiles.readLabels(labels).values());
  }

  @Test
  void sixteenBitsOfATiffAreScaledAsThoseOfAPng() throws IOException {
    BufferedImage grey = noise(BufferedImage.TYPE_USHORT_GRAY, 20, 10);
    byte[] asPng = ImageFiles.readRgb(write("a.png", TestImages.png(grey))).rgb();
    Path tiff = write("a.tif", tiff(grey, "LZW", false));
    assertArrayEquals(asPng, ImageFiles.readRgb(tiff).rgb());
    assertArrayEquals(values(grey), ImageFiles.readLabels(tiff).values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif", "tiff"})
  void palettesAreLookedUpInPhotographsAndNotInMasks(String format) throws IOException {
    byte[] red = Arrays.copyOf(new byte[] {0, 10, 20, 30}, 200); // 8 bits in each format
    byte[] green = Arrays.copyOf(new byte[] {1, 11, 21, 31}, 200);
    IndexColorModel palette = new IndexColorModel(8, 200, red, green, new byte[200]);
    BufferedImage image = new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_INDEXED, palette);
    TestImages.fill(image.getRaster(), 2);
    image.getRaster().setSample(1, 0, 0, 3);
    Path file = write("a." + format, bytes(image, format));
    assertArrayEquals(
        new byte[] {20, 21, 0, 30, 31, 0}, Arrays.copyOf(ImageFiles.readRgb(file).rgb(), 6));
    assertArrayEquals(new int[] {2, 3, 2}, Arrays.copyOf(ImageFiles.readLabels(file).values(), 3));
  }

  @Test
  void bitmapsOfFiveAndSixBitsAreScaledEachByItsOwn() {
    BufferedImage image = new BufferedImage(8, 4, BufferedImage.TYPE_USHORT_565_RGB);
    TestImages.fill(image.getRaster(), 31, 63, 0);
    assertArrayEquals(
        new byte[] {-1, -1, 0}, Arrays.copyOf(StoredColours.rgb(image).orElseThrow(), 3));
  }

  @Test
  void webpIsRead() throws IOException {
    Picture picture = ImageFiles.readRgb(write("a.webp", WEBP));
    assertEquals(4, picture.width());
    assertEquals(10, picture.rgb()[0]);
    int odd = 3 * (2 * 4 + 1);
    assertArrayEquals(
        new byte[] {(byte) 200, 100, 50}, Arrays.copyOfRange(picture.rgb(), odd, odd + 3));
    assertRefused(() -> ImageFiles.readLabels(dir.resolve("a.webp")), "is a WebP image");
  }

  @Test
  void theContentCountsAndNotTheName() throws IOException {
    assertEquals(4, ImageFiles.readRgb(write("a.png", WEBP)).width());
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_3BYTE_BGR, 9, 5));
    assertEquals(9, ImageFiles.readRgb(write("b.jpg", png)).width());
    assertEquals(9, ImageFiles.readRgb(write("no-ending", png)).width());
  }

  @ParameterizedTest
  @CsvSource({
    "'\\0\\0\\0\\30ftypheic\\0\\0\\0\\0', HEIC",
    "'\\0\\0\\0\\30ftypavif\\0\\0\\0\\0', AVIF",
    "'\\0\\0\\0\\14jP  \\r\\n', JPEG 2000",
    "'8BPS\\0\\1', Photoshop",
    "'P6 4 3 255', Netpbm",
    "'<svg xmlns=\"\">', SVG",
  })
  void aFormatThatIsNotReadIsCalledByItsName(String head, String name) throws IOException {
    byte[] bytes = head.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    Path file = write("a.jpg", bytes);
    assertRefused(
        () -> ImageFiles.readRgb(file), "a.jpg is a " + name + " image, which is not read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif", "tiff", "webp"})
  void aCutFileIsRefused(String format) throws IOException {
    byte[] whole =
        format.equals("webp") ? WEBP : bytes(noise(BufferedImage.TYPE_BYTE_GRAY, 70, 50), format);
    for (int length : new int[] {whole.length - 2, whole.length / 2, 40}) {
      if (length == whole.length - 2 && !format.equals("bmp") && !format.equals("webp")) {
        continue; // GIF ends with a mark that is not needed, TIFF may with a table of its own
      }
      Path file = write("cut." + format, Arrays.copyOf(whole, length));
      DataException refused = assertThrows(DataException.class, () -> ImageFiles.readRgb(file));
      assertTrue(refused.getMessage().contains("cut." + format + " is damaged"));
      boolean isGif = format.equals("gif"); // nothing says how long it was
      assertTrue(
          !isGif || refused.getMessage().contains("(truncated after %d bytes)".formatted(length)));
    }
  }

  @Test
  void aGifWhoseFirstFrameIsAPartIsRefused() throws IOException {
    byte[] gif = bytes(noise(BufferedImage.TYPE_BYTE_GRAY, 70, 50), "gif");
    gif[6] = 90; // the width of the whole
    Path file = write("a.gif", gif);
    assertRefused(() -> ImageFiles.readRgb(file), "a.gif is 90 x 50 pixels", "frame has 70 x 50");
  }

  /** Its sizes are corrected: that of the file, and then that of its pixels too. */
  /** Found by mutation: its decoder took bytes behind the end for zeros, a quarter of an hour. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "524946462200000057454250565038"
            + "4c160000002f038000005249464622000000574542505650384c160000"
            + "002f03800000 0f700aa82bf89ec263fe83072310d1ff20",
        // the same pixels in the extended form
        "524946463400000057454250565038580a000000000000000300000200005650384c160000002f0380000052494646"
            + "22000000574542505650384c1600",
      })
  void aLosslessWebpOfCodesWithoutEndIsRefusedInTime(String hex) throws IOException {
    Path file = write("a.webp", HexFormat.of().parseHex(hex.replace(" ", "")));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertRefused(() -> ImageFiles.readRgb(file), "a.webp is damaged"));
  }

  @Test
  void aLosslessWebpWithoutAllPixelsIsRefused() throws IOException {
    for (int length = WEBP.length - 2; length > 30; length -= 2) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(WEBP, length)).order(ByteOrder.LITTLE_ENDIAN);
      Path file = write("cut.webp", cut.putInt(4, length - 8).array());
      assertRefused(() -> ImageFiles.readRgb(file), "cut.webp is damaged (truncated after");
      Path shorter = write("shorter.webp", cut.putInt(16, length - 20).array());
      assertRefused(() -> ImageFiles.readRgb(shorter), "shorter.webp is damaged");
    }
  }

  /** Its blocks are whole, but a later one is taken out, or its codes are none. */
  @Test
  void aGifWithoutAllPixelsIsRefused() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_BYTE_GRAY, 150, 130); // the table fills up
    byte[] gif = bytes(image, "gif");
    assertArrayEquals(values(image), ImageFiles.readLabels(write("whole.gif", gif)).values());
    int first = gif.length - 2; // of the blocks
    int blocks = 13 + (3 << ((gif[10] & 7) + 1));
    while (gif[blocks] == 0x21) {
      for (blocks += 2; gif[blocks] != 0; blocks += 1 + (gif[blocks] & 0xFF)) {}
      blocks++;
    }
    blocks += 11 + ((gif[blocks + 9] & 0x80) == 0 ? 0 : 3 << ((gif[blocks + 9] & 7) + 1));
    for (int at = blocks; gif[at] != 0; at += 1 + (gif[at] & 0xFF)) {
      ByteBuffer parts = ByteBuffer.allocate(at + 2).put(gif, 0, at);
      Path file = write("cut.gif", parts.put((byte) 0).put((byte) 0x3B).array());
      assertRefused(() -> ImageFiles.readRgb(file), "cut.gif is damaged", "of 19500 pixels");
      first = at;
    }
    Arrays.fill(gif, first + 1, first + 9, (byte) 0);
    Path empty = write("empty.gif", gif);
    assertRefused(() -> ImageFiles.readLabels(empty), "empty.gif is damaged", "of 19500 pixels");
  }

  /** Cut anywhere, and ended before its last row. */
  @ParameterizedTest
  @CsvSource({"8, BI_RLE8", "4, BI_RLE4"})
  void aBitmapInRunsWithoutAllRowsIsRefused(int bits, String compression) throws IOException {
    byte[] grey = new byte[1 << bits];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) i;
    }
    IndexColorModel palette = new IndexColorModel(bits, grey.length, grey, grey, grey);
    int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    BufferedImage image = new BufferedImage(32, 9, type, palette); // runs and single pixels
    for (int i = 0; i < 32 * 9; i++) {
      image.getRaster().setSample(i % 32, i / 32, 0, i % 32 < 12 ? 3 : (5 * i + i / 32) % 16);
    }
    byte[] bitmap = bitmap(image, bits, compression);
    assertArrayEquals(values(image), ImageFiles.readLabels(write("a.bmp", bitmap)).values());
    ByteBuffer in = ByteBuffer.wrap(bitmap).order(ByteOrder.LITTLE_ENDIAN);
    int begin = in.getInt(10);
    for (int length = bitmap.length - 5; length > begin; length -= 7) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bitmap, length));
      cut.order(ByteOrder.LITTLE_ENDIAN).putInt(2, length).putInt(34, length - begin);
      Path file = write("cut.bmp", cut.array());
      assertRefused(() -> ImageFiles.readLabels(file), "cut.bmp is damaged", "of 9 rows are there");
    }
    in.putShort(begin, (short) 0x0100); // the end of all
    Path file = write("ended.bmp", bitmap);
    assertRefused(() -> ImageFiles.readRgb(file), "ended.bmp is damaged (0 of 9 rows are there)");
  }

  /** With rows of a run of 12 and 20 pixels one by one; Java's own are wrong in 4 bits. */
  private static byte[] bitmap(BufferedImage image, int bits, String compression)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("bmp").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionType(compression);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    int begin = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getInt(10);
    int length = image.getHeight() * (6 + 20 * bits / 8) + 2;
    ByteBuffer all = ByteBuffer.allocate(begin + length).order(ByteOrder.LITTLE_ENDIAN);
    all.put(bytes.toByteArray(), 0, begin).putInt(2, begin + length).putInt(34, length);
    for (int y = image.getHeight() - 1; y >= 0; y--) {
      int[] row = image.getRaster().getPixels(0, y, 32, 1, (int[]) null);
      all.put(new byte[] {12, (byte) (bits == 8 ? row[0] : 17 * row[0]), 0, 20});
      for (int x = 12; x < 32; x += 8 / bits) {
        all.put((byte) (bits == 8 ? row[x] : 16 * row[x] + row[x + 1]));
      }
      all.putShort((short) 0);
    }
    return all.putShort((short) 0x0100).array();
  }

  @Test
  void brokenMetadataOfAPngDoNoHarm() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR, 30, 20);
    byte[] png = TestImages.png(image);
    for (String type : new String[] {"tEXt", "iCCP", "eXIf", "gAMA", "tIME", "zTXt"}) {
      for (boolean sum : new boolean[] {true, false}) {
        Path file = write("a.png", spliced(png, 33, chunk(type, new byte[] {'x', 0, 0, 9}, sum)));
        assertArrayEquals(rgb(image), ImageFiles.readRgb(file).rgb(), type);
      }
    }
    Path tail = write("b.png", spliced(png, png.length, new byte[100]));
    assertArrayEquals(rgb(image), ImageFiles.readRgb(tail).rgb());
  }

  @Test
  void brokenMetadataOfAJpegDoNoHarm() throws IOException {
    byte[] jpeg = TestImages.jpeg(noise(BufferedImage.TYPE_3BYTE_BGR, 32, 16));
    byte[] whole = ImageFiles.readRgb(write("whole.jpg", jpeg)).rgb();
    byte[] exif = "Exif\0\0MM\0*\u00ff\u00ff\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    byte[] icc = "ICC_PROFILE\0\1\1half of a profile".getBytes(StandardCharsets.ISO_8859_1);
    byte[] missing = "ICC_PROFILE\0\2\3half of a profile".getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(whole, with(jpeg, 0xE1, exif, exif.length + 2), "EXIF");
    assertArrayEquals(whole, with(jpeg, 0xE1, exif, 60_000), "a length that is too long");
    assertArrayEquals(whole, with(jpeg, 0xE2, icc, icc.length + 2), "profile");
    assertArrayEquals(whole, with(jpeg, 0xE2, missing, missing.length + 2), "part of a profile");
    Path tail = write("tail.jpg", spliced(jpeg, jpeg.length, new byte[100]));
    assertArrayEquals(whole, ImageFiles.readRgb(tail).rgb());
  }

  /** What cameras and programs leave before the marks and at the end of whole pixels. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesThatMeanNothingInAJpegDoNoHarm(boolean progressive) throws IOException {
    byte[] jpeg = jpeg(progressive);
    byte[] whole = ImageFiles.readRgb(write("whole.jpg", jpeg)).rgb();
    byte[] filling = {-1, -1};
    byte[] noughts = new byte[5];
    int scan = TestImages.indexOf(jpeg, 0xDA);
    int end = jpeg.length - 2;
    Map<String, byte[]> odd =
        Map.of(
            "filling behind the first mark", spliced(jpeg, 2, filling),
            "filling before the scan", spliced(jpeg, scan, filling),
            "noughts before the scan", spliced(jpeg, scan, noughts),
            "filling before the end", spliced(jpeg, end, filling),
            "noughts before the end", spliced(jpeg, end, noughts),
            "no end", Arrays.copyOf(jpeg, end),
            "half an end", Arrays.copyOf(jpeg, end + 1),
            "noughts for an end", spliced(Arrays.copyOf(jpeg, end), end, noughts));
    odd.forEach(
        (what, bytes) -> {
          byte[] read = assertDoesNotThrow(() -> ImageFiles.readRgb(write("a.jpg", bytes)).rgb());
          assertArrayEquals(whole, read, what);
        });
  }

  /** Noughts at the end of whole pixels are some of them. */
  @Test
  void noughtsThatArePixelsOfAJpegAreKept() throws IOException {
    byte[] jpeg =
        TestImages.jpeg(TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 32, 16, 132, 132, 132));
    int end = jpeg.length - 2;
    assertEquals(0, jpeg[end - 1], "the test has none to keep");
    byte[] whole = ImageFiles.readRgb(write("whole.jpg", jpeg)).rgb();
    int table = TestImages.indexOf(jpeg, 0xDB);
    int length = 2 + (ByteBuffer.wrap(jpeg).getShort(table + 2) & 0xFFFF);
    ByteBuffer filled = ByteBuffer.allocate(2 + length).put(new byte[] {-1, -1});
    Map<String, byte[]> odd =
        Map.of(
            "filling before a table", spliced(jpeg, end, filled.put(jpeg, table, length).array()),
            "filling before the end", spliced(jpeg, end, new byte[] {-1, -1}),
            "noughts before the end", spliced(jpeg, end, new byte[5]),
            "no end", Arrays.copyOf(jpeg, end));
    odd.forEach(
        (what, bytes) -> {
          byte[] read = assertDoesNotThrow(() -> ImageFiles.readRgb(write("a.jpg", bytes)).rgb());
          assertArrayEquals(whole, read, what);
        });
  }

  /** Wherever it is cut, and though noughts are in the place of what is missing. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJpegWithoutAllPixelsIsRefused(boolean progressive) throws IOException {
    byte[] jpeg = jpeg(progressive);
    int first = TestImages.indexOf(jpeg, 0xDA) + 14;
    for (int length = jpeg.length - 6; length > first; length -= 37) {
      byte[] cut = Arrays.copyOf(jpeg, length);
      for (byte[] bytes : List.of(cut, Arrays.copyOf(cut, jpeg.length))) {
        Path file = write("cut.jpg", bytes);
        assertRefused(() -> ImageFiles.readRgb(file), "cut.jpg is damaged");
      }
    }
  }

  /** Cut between two of its scans, each of which is whole. */
  @Test
  void aProgressiveJpegThatLacksAScanIsRefused() throws IOException {
    byte[] jpeg = jpeg(true);
    int scans = 0;
    for (int at = TestImages.indexOf(jpeg, 0xDA) + 2; at + 1 < jpeg.length; at++) {
      boolean isTable = jpeg[at] == -1 && (jpeg[at + 1] & 0xFF) == 0xC4;
      boolean isScan = jpeg[at] == -1 && (jpeg[at + 1] & 0xFF) == 0xDA;
      if (isTable || isScan) {
        Path file = write("cut.jpg", Arrays.copyOf(jpeg, at));
        assertRefused(() -> ImageFiles.readRgb(file), "cut.jpg is damaged");
        scans++;
      }
    }
    assertTrue(scans > 3, "the test has none to cut");
  }

  private static byte[] jpeg(boolean progressive) throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR, 40, 24);
    return progressive ? TestImages.progressiveJpeg(image) : TestImages.jpeg(image);
  }

  @Test
  void aPngWithoutItsEndIsReadIfItsPixelsAreWhole() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_BYTE_GRAY, 90, 70);
    byte[] png = TestImages.png(image);
    for (int length : new int[] {png.length - 12, png.length - 7, png.length - 1}) {
      Path file = write("a.png", Arrays.copyOf(png, length));
      assertArrayEquals(values(image), ImageFiles.readLabels(file).values());
      assertEquals(90, ImageFiles.readRgb(file).width());
    }
    byte[] sum = png.clone();
    sum[png.length - 1] ^= 1; // of the end
    assertArrayEquals(values(image), ImageFiles.readLabels(write("b.png", sum)).values());
    for (int length : new int[] {png.length - 13, png.length - 200, 41}) {
      Path file = write("cut.png", Arrays.copyOf(png, length));
      assertRefused(() -> ImageFiles.readLabels(file), "cut.png is damaged", "truncated after");
    }
  }

  /** Cut behind a part of its pixels, which is whole by its own check sum. */
  @Test
  void aPngWithoutALaterPartOfItsPixelsIsRefused() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_BYTE_GRAY, 90, 70));
    int length = ByteBuffer.wrap(png).getInt(33); // of the first part behind the header
    assertEquals("IDAT", new String(png, 37, 4, StandardCharsets.US_ASCII));
    byte[] half = Arrays.copyOfRange(png, 41, 41 + length / 2);
    byte[] parted = spliced(Arrays.copyOf(png, 33), 33, chunk("IDAT", half, true));
    Path file = write("cut.png", parted);
    assertRefused(() -> ImageFiles.readRgb(file), "cut.png is damaged", "truncated after");
  }

  @ParameterizedTest
  @CsvSource({"50000, Zstandard", "34925, LZMA", "34712, JPEG 2000"})
  void aCompressionThatIsNotReadIsCalledByItsName(int compression, String name) throws IOException {
    byte[] tiff = tiff(noise(BufferedImage.TYPE_BYTE_GRAY, 70, 50), "Deflate", false);
    Path file = write("a.tif", tagged(tiff, COMPRESSION, (short) 3, compression));
    for (Executable read :
        List.<Executable>of(() -> ImageFiles.readRgb(file), () -> ImageFiles.readLabels(file))) {
      assertRefused(
          read, "a.tif is a TIFF with the compression " + name + ", which is not read; save it");
    }
  }

  /** With another number of that type, 3 of 16 bits or 4 of 32, behind a tag. */
  private static byte[] tagged(byte[] tiff, int tag, short type, int number) {
    boolean little = tiff[0] == 'I';
    ByteBuffer in = ByteBuffer.wrap(tiff.clone());
    in.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int tags = in.getInt(4);
    for (int i = 0; i < in.getShort(tags); i++) {
      int at = tags + 2 + 12 * i;
      if (in.getShort(at) == tag) {
        in.putShort(at + 2, type);
        return (type == 3 ? in.putShort(at + 8, (short) number) : in.putInt(at + 8, number))
            .array();
      }
    }
    throw new AssertionError("no tag " + tag);
  }

  @Test
  void noClassOfJavaIsInASentence() {
    String cast = "class java.io.EOFException cannot be cast to class java.lang.Error";
    assertEquals("truncated", Decoding.reason(new ClassCastException(cast)));
    assertEquals("truncated", Decoding.reason(new EOFException()));
    assertEquals(
        "it cannot be decoded", Decoding.reason(new IOException("a NumberFormatException")));
    assertEquals(
        "it cannot be decoded", Decoding.reason(new ClassCastException("x.y.Ab is no Bc")));
    assertEquals("it cannot be decoded", Decoding.reason(new IndexOutOfBoundsException("7")));
    assertEquals("bad marker e.g. 0xFF", Decoding.reason(new IOException("bad marker e.g. 0xFF")));
  }

  private byte[] with(byte[] jpeg, int marker, byte[] content, int length) throws IOException {
    ByteBuffer segment = ByteBuffer.allocate(4 + content.length);
    segment.put((byte) 0xFF).put((byte) marker).putShort((short) length).put(content);
    return ImageFiles.readRgb(write("a.jpg", spliced(jpeg, 2, segment.array()))).rgb();
  }

  @Test
  void transparencyIsNoSecondChannelOfAMask() throws IOException {
    BufferedImage mask = noise(BufferedImage.TYPE_BYTE_GRAY, 9, 5);
    byte[] png = spliced(TestImages.png(mask), 33, chunk("tRNS", new byte[] {0, 3}, true));
    assertArrayEquals(values(mask), ImageFiles.readLabels(write("m.png", png)).values());
  }

  @Test
  void masksOfOtherNumbersAreRefused() throws IOException {
    ColorModel grey =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, 1, DataBuffer.TYPE_FLOAT);
    BufferedImage image =
        new BufferedImage(grey, grey.createCompatibleWritableRaster(9, 5), false, null);
    Path file = write("m.tif", tiff(image, "none", false));
    assertRefused(() -> ImageFiles.readLabels(file), "m.tif has values of 32 bits");
    assertRefused(
        () -> ImageFiles.readRgb(file),
        "m.tif has floating-point numbers, which are not read in photographs");
  }

  /** Git, a browser and others put texts where images should be. */
  @Test
  void textsInThePlaceOfImagesAreNamed() throws IOException {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    Path file = write("a.png", pointer.getBytes(StandardCharsets.US_ASCII));
    assertRefused(() -> ImageFiles.readRgb(file), "a.png is a pointer of Git LFS", "git lfs pull");
    assertRefused(() -> ImageFiles.readLabels(file), "git lfs pull");
    assertRefused(() -> Extent.ofMask(file), "git lfs pull");
    for (String page : List.of("\uFEFF\n<!DOCTYPE html><html>", "<HTML><svg>")) {
      Path saved = write("p.jpg", page.getBytes(StandardCharsets.UTF_8));
      assertRefused(() -> ImageFiles.readRgb(saved), "p.jpg is a saved web page");
    }
    for (String answer : List.of("<?xml version=\"1.0\"?><Error/>", "{\"error\": 1}")) {
      Path saved = write("e.jpg", answer.getBytes(StandardCharsets.UTF_8));
      assertRefused(() -> ImageFiles.readRgb(saved), "e.jpg is a text, perhaps a server's answer");
    }
    Path list = write("classes.txt", pointer.getBytes(StandardCharsets.US_ASCII));
    assertRefused(() -> ClassTable.read(list), "classes.txt: it is a Git LFS pointer");
  }

  @Test
  void aPngWithoutPixelsIsOnlyRefused() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_BYTE_GRAY, 9, 5));
    int at = new String(png, StandardCharsets.ISO_8859_1).indexOf("IDAT");
    png[at] = 'i';
    Path file = write("renamed.png", png);
    assertRefused(() -> ImageFiles.readRgb(file), "renamed.png is damaged (it has no pixels)");
    assertRefused(() -> LargePng.require(file), "it has no pixels");
    assertTrue(Warnings.said().stream().noneMatch(said -> said.contains(file.toString())));
  }

  @Test
  void coloursWithoutAProfileAreSaidToBeApproximate() throws IOException {
    WritableRaster inks =
        TestImages.fill(
            Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null), 9, 9, 9, 9);
    Path file = write("inks.jpg", TestImages.jpegOfFour(inks, 0));
    ImageFiles.readRgb(file);
    List<String> said =
        Warnings.said().stream().filter(text -> text.contains(file.toString())).toList();
    assertEquals(
        List.of(
            file + " has no colour profile, so its colours are approximate; its pixels are whole"),
        said);
  }

  @Test
  void anUnreadableFileSaysWhatToDo() throws IOException {
    Path file = write("a.png", TestImages.png(noise(BufferedImage.TYPE_BYTE_GRAY, 9, 5)));
    String sentence =
        ImageFiles.unreadable(file, new AccessDeniedException(file.toString())).getMessage();
    assertEquals(
        "cannot read %s: permission denied; make it readable or take it out".formatted(file),
        sentence);
    assertRefused(() -> ClassTable.read(dir), "cannot read " + dir + ": Is a directory; let it be");
  }

  @Test
  void aHugeClaimIsRefusedBeforeAnythingIsAllocated() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_BYTE_GRAY, 9, 5));
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 30_000).putInt(20, 20_000);
    CRC32 sum = new CRC32();
    sum.update(png, 12, 17);
    header.putInt(29, (int) sum.getValue());
    Path file = write("a.png", png);
    for (Executable read :
        List.<Executable>of(() -> ImageFiles.readRgb(file), () -> ImageFiles.readLabels(file))) {
      assertRefused(read, "a.png is 30000 x 20000 pixels, which take 6.7 GiB", "(-Xmx9g)", "tiles");
    }
  }

  @Test
  void theBoundIsThatOfTheHeap() {
    Path file = Path.of("a.png");
    Room.require(file, 8_000, 8_000, 1L << 30);
    assertRefused(
        () -> Room.require(file, 9_000, 9_000, 1L << 30), "0.9 GiB", "may grow to 1.0 GiB", "2g");
    assertRefused(
        () -> Room.require(file, 50_000, 50_000, Long.MAX_VALUE), "at most 715 million", "tiles");
    assertRefused(() -> Room.require(file, 0, 9, 1L << 30), "0 x 9");
  }

  @Test
  void bothNumbersOfASizeBeyondThoseOfJavaAreTold() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_BYTE_GRAY, 30, 20);
    byte[] tiff = tiff(image, "none", false);
    byte[] wide = tagged(tiff, WIDTH, (short) 4, 0xFFFFFFFF);
    Path huge = write("huge.tif", tagged(wide, HEIGHT, (short) 4, 0x80000001));
    Path flat = write("flat.tif", tagged(tiff, WIDTH, (short) 4, 0xFFFFFFFF));
    for (Executable read :
        List.<Executable>of(
            () -> ImageFiles.readRgb(huge),
            () -> ImageFiles.readLabels(huge),
            () -> ImageFiles.open(huge),
            () -> Extent.ofPhotograph(huge))) {
      assertRefused(read, "huge.tif is 4294967295 x 2147483649 pixels", "at most 2147 million");
    }
    assertRefused(() -> ImageFiles.open(flat), "flat.tif is 4294967295 x 20 pixels");
    byte[] png = TestImages.png(image);
    ByteBuffer.wrap(png).putInt(16, 0xFFFFFFFE);
    Path other = write("huge.png", png);
    assertRefused(() -> ImageFiles.open(other), "huge.png is 4294967294 x 20 pixels");
  }

  @Test
  void sizesAreReadFromHeaders() throws IOException {
    BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR, 30, 20);
    byte[] turned = TestImages.jpegWithOrientation(TestImages.jpeg(image), 6);
    Path file = write("a.jpg", Arrays.copyOf(turned, turned.length / 2)); // pixels are missing
    assertEquals(new Extent(20, 30), Extent.ofPhotograph(file));
    assertEquals(new Extent(30, 20), Extent.ofMask(file));
    assertEquals(new Extent(4, 3), Extent.ofPhotograph(write("a.webp", WEBP)));
  }

  @Test
  void whatIsWrittenHereIsKnownAgain() throws IOException {
    byte[] png = TestImages.png(noise(BufferedImage.TYPE_BYTE_GRAY, 9, 5));
    Path other = write("other.png", png);
    Path own = dir.resolve("own.png");
    ImageFiles.writeMask(own, 2, 1, new byte[] {0, 1}, Palette.of(2));
    assertTrue(ImageFiles.isOwn(own));
    assertEquals(false, ImageFiles.isOwn(other));
    assertEquals(false, ImageFiles.isOwn(dir.resolve("none.png")));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private static BufferedImage noise(int type, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, type);
    WritableRaster raster = image.getRaster();
    Random random = new Random(1);
    int most = type == BufferedImage.TYPE_USHORT_GRAY ? 65536 : 256;
    for (int i = 0; i < width * height; i++) {
      for (int band = 0; band < raster.getNumBands(); band++) {
        raster.setSample(i % width, i / width, band, random.nextInt(most));
      }
    }
    return image;
  }

  private static byte[] rgb(BufferedImage image) {
    return (byte[])
        image.getRaster().getDataElements(0, 0, image.getWidth(), image.getHeight(), null);
  }

  private static int[] values(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  private static byte[] bytes(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out));
    return out.toByteArray();
  }

  private static byte[] tiff(BufferedImage image, String compression, boolean tiles)
      throws IOException {
    ImageWriter writer = jdkWriter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (!compression.equals("none")) {
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionType(compression);
      }
      if (tiles) {
        how.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        how.setTiling(32, 32, 0, 0);
      }
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The writer that comes with Java: it writes tiles. */
  private static ImageWriter jdkWriter() {
    var writers = ImageIO.getImageWritersByFormatName("tiff");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new AssertionError("Java has no TIFF writer");
  }

  private static byte[] chunk(String type, byte[] content, boolean sound) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, 4 + content.length);
    return chunk.putInt((int) sum.getValue() ^ (sound ? 0 : 1)).array();
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] piece) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length + piece.length);
    return all.put(bytes, 0, at).put(piece).put(bytes, at, bytes.length - at).array();
  }

  /** Of noughts that unpack to gigabytes, only as many are unpacked as there are pixels. */
  @Test
  void moreThanThePixelsOfAPngIsNotUnpacked() throws IOException {
    Path file = dir.resolve("bomb.png");
    ImageIO.write(new BufferedImage(80, 80, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    byte[] head = Arrays.copyOf(Files.readAllBytes(file), 33);
    byte[] packed = packedNoughts(1 << 30);
    ByteBuffer bomb = ByteBuffer.allocate(head.length + 12 + packed.length);
    bomb.put(head).putInt(packed.length).put("IDAT".getBytes(StandardCharsets.US_ASCII));
    CRC32 sum = new CRC32();
    sum.update("IDAT".getBytes(StandardCharsets.US_ASCII));
    sum.update(packed);
    bomb.put(packed).putInt((int) sum.getValue()); // and no end
    Files.write(file, bomb.array());
    Picture read = assertTimeout(Duration.ofSeconds(20), () -> ImageFiles.readRgb(file));
    assertEquals(80, read.width());
    assertTimeout(Duration.ofSeconds(20), () -> LargePng.require(file));
  }

  private static byte[] packedNoughts(int count) {
    Deflater deflater = new Deflater();
    byte[] noughts = new byte[1 << 20];
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] some = new byte[1 << 16];
    for (int i = 0; i < count; i += noughts.length) {
      deflater.setInput(noughts);
      for (int length = 1; length > 0; ) {
        length = deflater.deflate(some);
        packed.write(some, 0, length);
      }
    }
    deflater.finish();
    while (!deflater.finished()) {
      packed.write(some, 0, deflater.deflate(some));
    }
    deflater.end();
    return packed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 5", "8, 8", "33, 17"})
  void theBytesOfInterlacedPixelsAreCounted(int width, int height) throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_4BYTE_ABGR}) {
      for (String mode : List.of("plain", "adam7")) {
        byte[] png = png(new BufferedImage(width, height, type), mode.equals("adam7"));
        assertEquals(inflated(png), PngChunks.unpacked(png), "%s, %d".formatted(mode, type));
      }
    }
  }

  private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    writer.dispose();
    return bytes.toByteArray();
  }

  private static long inflated(byte[] png) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    ByteBuffer parts = ByteBuffer.wrap(png).position(8);
    while (parts.hasRemaining()) {
      int length = parts.getInt();
      byte[] type = new byte[4];
      parts.get(type);
      byte[] content = new byte[length];
      parts.get(content).getInt();
      if (new String(type, StandardCharsets.US_ASCII).equals("IDAT")) {
        packed.write(content);
      }
    }
    InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed.toByteArray()));
    return in.readAllBytes().length;
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = dir.resolve("pipe.jpg");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (Executable read :
        List.<Executable>of(
            () -> ImageFiles.readRgb(pipe),
            () -> ImageFiles.open(pipe),
            () -> ImageFiles.readLabels(pipe))) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> assertRefused(read, "it is a device or a pipe"));
    }
    assertFalse(ImageFiles.isOwn(pipe));
  }
}
