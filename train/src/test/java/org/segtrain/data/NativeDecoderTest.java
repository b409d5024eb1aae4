package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.segtrain.files.CheckSum;

/** What is decoded natively has ImageIO's pixels. The rest is left to ImageIO. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativeDecoderTest {

  private static final Path FILE = Path.of("a");
  private static final int MUTATIONS = 1500;

  @Test
  void jpegHasImageIosPixels() throws IOException {
    for (int type : List.of(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY)) {
      for (int side : List.of(1, 7, 16, 33)) {
        BufferedImage image = image(side + 10, side, type);
        assertDecoded(TestImages.jpeg(image));
        assertDecoded(TestImages.progressiveJpeg(image));
        assertDecoded(TestImages.jpegWithOrientation(TestImages.jpeg(image), 6));
      }
    }
  }

  private static void assertDecoded(byte[] jpeg) {
    Picture decoded = PlainJpeg.decode(FILE, jpeg).map(NativeDecoderTest::picture).orElseThrow();
    BufferedImage image = Decoding.decode(FILE, ImageFormat.JPEG, jpeg).image();
    assertArrayEquals(picture(image).rgb(), decoded.rgb());
  }

  private static Picture picture(BufferedImage image) {
    return ImageFiles.rgb(FILE, image);
  }

  @Test
  void jpegOfOtherColoursIsLeftToImageIo() throws IOException {
    byte[] plain = TestImages.jpeg(image(20, 10, BufferedImage.TYPE_INT_RGB));
    byte[] profile = "00ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer.wrap(profile).putShort((short) profile.length);
    byte[] rgb = {0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    BufferedImage image = image(20, 10, BufferedImage.TYPE_4BYTE_ABGR);
    for (byte[] other :
        List.of(
            TestImages.withSegment(plain, 0xE2, profile),
            TestImages.withSegment(plain, 0xEE, rgb),
            TestImages.jpegOfFour(image.getRaster(), 2))) {
      assertEquals(Optional.empty(), PlainJpeg.decode(FILE, other));
    }
  }

  @Test
  void truncatedJpegIsLeftToImageIo() throws IOException {
    for (boolean progressive : List.of(false, true)) {
      BufferedImage image = image(40, 30, BufferedImage.TYPE_INT_RGB);
      byte[] jpeg = progressive ? TestImages.progressiveJpeg(image) : TestImages.jpeg(image);
      for (int length = 0; length < jpeg.length; length++) {
        byte[] cut = Arrays.copyOf(jpeg, length);
        assertEquals(Optional.empty(), PlainJpeg.decode(FILE, cut), "after " + length);
      }
    }
  }

  @Test
  void aDamagedJpegHasImageIosPixelsOrIsLeftToIt() throws IOException {
    byte[] whole = TestImages.jpeg(image(40, 30, BufferedImage.TYPE_INT_RGB));
    Random random = new Random(1);
    int decoded = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] damaged = whole.clone();
      int at = 2 + random.nextInt(whole.length - 4);
      damaged[at] = (byte) random.nextInt(256);
      if (isSmall(damaged) && PlainJpeg.decode(FILE, damaged).isPresent()) {
        assertDecoded(damaged);
        decoded++;
      }
    }
    assertTrue(decoded > 0 && decoded < MUTATIONS / 2, "decoded " + decoded);
  }

  /** Whether a mutation left the size within what is decoded in a moment. */
  private static boolean isSmall(byte[] jpeg) {
    int frame = 0;
    for (int i = 2; i + 9 < jpeg.length && frame == 0; i++) {
      frame = jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0 ? i : 0;
    }
    return frame > 0 && jpeg[frame + 5] == 0 && jpeg[frame + 7] == 0;
  }

  @Test
  void pngWithAnyFilterHasImageIosPixels() {
    Random random = new Random(2);
    for (int type : List.of(0, 2, 3)) {
      for (int parts : List.of(1, 2, 5)) {
        byte[] png = png(random, 23, 40, type, parts, 0);
        PlainImage decoded = PlainPng.decode(FILE, png).orElseThrow();
        BufferedImage image = Decoding.decode(FILE, ImageFormat.PNG, png).image();
        int[] expected = image.getRaster().getPixels(0, 0, 23, 40, (int[]) null);
        assertArrayEquals(expected, decoded.getRaster().getPixels(0, 0, 23, 40, (int[]) null));
        assertArrayEquals(picture(image).rgb(), picture(decoded).rgb());
        assertEquals(type == 3, decoded.getColorModel() instanceof IndexColorModel);
      }
    }
  }

  @Test
  void pngWithMissingOrMorePixelsIsLeftToImageIo() {
    Random random = new Random(3);
    for (int more : List.of(-1, 1, 1000)) {
      assertEquals(Optional.empty(), PlainPng.decode(FILE, png(random, 9, 9, 0, 1, more)));
    }
  }

  @Test
  void javaUnpacksTheSame() {
    byte[] content = new byte[10_000];
    new Random(4).nextBytes(content);
    byte[] packed = packed(content);
    for (int length : List.of(content.length - 1, content.length, content.length + 1)) {
      byte[] natively = new byte[length];
      byte[] byJava = new byte[length];
      boolean isWhole = length == content.length;
      assertEquals(isWhole, NativeDecoder.inflate(packed, 0, packed.length, natively));
      assertEquals(isWhole, PlainPng.isInflated(packed, 0, packed.length, byJava));
      assertArrayEquals(isWhole ? content : new byte[length], natively);
    }
    for (int at = 0; at < packed.length; at += 97) {
      byte[] damaged = packed.clone();
      damaged[at] ^= 1;
      assertFalse(NativeDecoder.inflate(damaged, 0, damaged.length, new byte[content.length]));
      assertFalse(PlainPng.isInflated(damaged, 0, damaged.length, new byte[content.length]));
    }
  }

  @Test
  void theLibraryComesFromTheseSources() throws IOException {
    List<String> sums = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/native"))) {
      for (Path file : files.sorted().toList()) {
        sums.add(CheckSum.sha256(Files.readAllBytes(file)) + "  " + file.getFileName());
      }
    }
    try (InputStream in = NativeDecoder.class.getResourceAsStream("sources.sha256")) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList(),
          sums,
          "sources changed after the library; run train/src/main/native/build.sh");
    }
  }

  private static BufferedImage image(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(width);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, random.nextInt() | 0xFF000000);
    }
    return image;
  }

  /** A PNG of noise under filters of all kinds, its pixels in some parts, some bytes too many. */
  private static byte[] png(Random random, int width, int height, int type, int parts, int more) {
    int row = 1 + width * (type == 2 ? 3 : 1);
    byte[] filtered = new byte[row * height + more];
    random.nextBytes(filtered);
    for (int at = 0; at < filtered.length; at += row) {
      filtered[at] = (byte) random.nextInt(5);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(out, "IHDR", header.put((byte) 8).put((byte) type).array());
    if (type == 3) {
      byte[] palette = new byte[3 * 256];
      random.nextBytes(palette);
      chunk(out, "PLTE", palette);
    }
    byte[] all = packed(filtered);
    for (int i = 0; i < parts; i++) {
      chunk(
          out,
          "IDAT",
          Arrays.copyOfRange(all, all.length * i / parts, all.length * (i + 1) / parts));
    }
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, 4 + content.length);
    out.writeBytes(chunk.putInt((int) sum.getValue()).array());
  }

  private static byte[] packed(byte[] content) {
    Deflater deflater = new Deflater();
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[content.length + 1000];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }
}
