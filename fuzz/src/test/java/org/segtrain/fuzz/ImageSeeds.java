package org.segtrain.fuzz;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Images of a few pixels, in all forms that files of them have. */
final class ImageSeeds {

  private static final int WIDTH = 19;
  private static final int HEIGHT = 13;
  private static final int SIGNATURE = 8;
  private static final int CHUNK = 12; // bytes of a part of a PNG beside its content
  private static final int AFTER_HEADER = 33;
  private static final int ALPHA = BufferedImage.TYPE_4BYTE_ABGR;
  private static final int COLOURS = BufferedImage.TYPE_3BYTE_BGR;
  private static final int GREY = BufferedImage.TYPE_BYTE_GRAY;
  private static final int GREY_16 = BufferedImage.TYPE_USHORT_GRAY;
  private static final int PALETTE = BufferedImage.TYPE_BYTE_INDEXED;
  private static final int BINARY = BufferedImage.TYPE_BYTE_BINARY;

  /** Written by libwebp: three pixels lossy, and twelve as they are. */
  private static final List<String> WEBP =
      List.of(
          "UklGRigAAABXRUJQVlA4IBwAAABwAQCdASoDAAEAB0CWJZQCdAFAAAD+7qHnDgAA",
          "UklGRiIAAABXRUJQVlA4TBYAAAAvA4AAAA9wCqgr+J7CY/6DByMQ0f8g");

  /** Beginnings of files that are only known by name, and of what is found in their place. */
  private static final List<String> UNREAD =
      List.of(
          "P6\n2 2\n255\n............",
          "\0\0\0\fjP  \r\n",
          "\0\0\0\u0018ftypheic....",
          "8BPS\0\u0001......",
          "<svg width='3'></svg>",
          "<!DOCTYPE html><html></html>",
          "version https://git-lfs.github.com/spec/v1\n");

  private ImageSeeds() {}

  /** Grey, palette and colours, with and without alpha, in passes, with metadata. */
  static List<byte[]> png(Path unused) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (int type : new int[] {COLOURS, ALPHA, GREY, GREY_16, PALETTE, BINARY}) {
      seeds.add(written("png", image(type), null, false));
    }
    seeds.add(written("png", image(GREY), null, true));
    byte[] plain = written("png", image(COLOURS), null, false);
    seeds.add(spliced(plain, AFTER_HEADER, chunk("eXIf", exif(6))));
    seeds.add(spliced(plain, AFTER_HEADER, chunk("iCCP", packed("sRGB\0\0", 400))));
    seeds.add(spliced(plain, AFTER_HEADER, chunk("zTXt", packed("Comment\0\0", 400))));
    seeds.add(spliced(plain, AFTER_HEADER, chunk("tRNS", new byte[] {0, 9, 0, 9, 0, 9})));
    return seeds;
  }

  /** Grey, colours and CMYK, in one scan or several, with metadata. */
  static List<byte[]> jpeg(Path unused) throws IOException {
    byte[] colours = written("jpeg", image(COLOURS), null, false);
    byte[] exif = new byte[6 + exif(8).length];
    System.arraycopy("Exif\0\0".getBytes(StandardCharsets.US_ASCII), 0, exif, 0, 6);
    System.arraycopy(exif(8), 0, exif, 6, exif.length - 6);
    byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 2};
    byte[] four = written("jpeg", new IIOImage(image(ALPHA).getRaster(), null, null), null, false);
    return List.of(
        colours,
        written("jpeg", image(GREY), null, false),
        written("jpeg", image(COLOURS), null, true),
        spliced(colours, 2, segment(0xE1, exif)),
        spliced(four, 2, segment(0xEE, adobe)));
  }

  /** Strips and tiles, packed in all ways that are written here. */
  static List<byte[]> tiff(Path unused) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (int type : new int[] {COLOURS, ALPHA, GREY, GREY_16, PALETTE, BINARY}) {
      seeds.add(written("tiff", image(type), null, false));
    }
    for (String packing : List.of("LZW", "Deflate", "PackBits", "JPEG")) {
      seeds.add(written("tiff", image(COLOURS), packing, false));
      seeds.add(written("tiff", image(GREY), packing, false));
    }
    seeds.add(written("tiff", image(BINARY), "CCITT T.6", false));
    return seeds;
  }

  /** BMP, GIF and WebP, and what is not read. */
  static List<byte[]> others(Path unused) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (int type : new int[] {COLOURS, GREY, PALETTE, BINARY}) {
      seeds.add(written("bmp", image(type), null, false));
    }
    seeds.add(written("bmp", image(PALETTE), "BI_RLE8", false));
    seeds.add(written("gif", image(PALETTE), null, false));
    seeds.add(written("gif", image(GREY), null, true));
    WEBP.forEach(webp -> seeds.add(Base64.getDecoder().decode(webp)));
    UNREAD.forEach(text -> seeds.add(text.getBytes(StandardCharsets.ISO_8859_1)));
    return seeds;
  }

  private static BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    WritableRaster raster = image.getRaster();
    int most = type == BINARY ? 2 : type == GREY_16 ? 1000 : 256;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      for (int band = 0; band < raster.getNumBands(); band++) {
        raster.setSample(i % WIDTH, i / WIDTH, band, (i / 5 * 7 + 60 * band) % most);
      }
    }
    return image;
  }

  private static byte[] written(String format, BufferedImage image, String packing, boolean passes)
      throws IOException {
    return written(format, new IIOImage(image, null, null), packing, passes);
  }

  private static byte[] written(String format, IIOImage image, String packing, boolean passes)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (passes) {
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      if (packing != null) {
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionType(packing);
      }
      writer.write(null, image, how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** How a camera was held, as a TIFF of one tag. */
  private static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1})
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  private static byte[] packed(String name, int length) {
    byte[] bytes = new byte[100 + name.length()];
    System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, name.length());
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[length]);
    deflater.finish();
    deflater.deflate(bytes, name.length(), bytes.length - name.length());
    deflater.end();
    return bytes;
  }

  private static byte[] chunk(String type, byte[] content) {
    byte[] chunk =
        ByteBuffer.allocate(CHUNK + content.length)
            .putInt(content.length)
            .put(type.getBytes(StandardCharsets.ISO_8859_1))
            .put(content)
            .array();
    putSum(chunk, 0, content.length);
    return chunk;
  }

  private static void putSum(byte[] bytes, int at, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, at + 4, 4 + length);
    ByteBuffer.wrap(bytes).putInt(at + 8 + length, (int) sum.getValue());
  }

  private static byte[] segment(int marker, byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (2 + content.length))
        .put(content)
        .array();
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] piece) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length + piece.length);
    return all.put(bytes, 0, at).put(piece).put(bytes, at, bytes.length - at).array();
  }

  /** A PNG whose check sums hold, as far as its parts follow one another. */
  static byte[] withSums(byte[] png) {
    byte[] bytes = png.clone();
    int at = SIGNATURE;
    while (at + CHUNK <= bytes.length) {
      int length = ByteBuffer.wrap(bytes).getInt(at);
      if (length < 0 || length > bytes.length - at - CHUNK) {
        break;
      }
      putSum(bytes, at, length);
      at += CHUNK + length;
    }
    return bytes;
  }
}
