package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files made for tests. */
public final class TestImages {

  private TestImages() {}

  public static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  public static byte[] jpeg(BufferedImage image) throws IOException {
    return jpeg(new IIOImage(image, null, null));
  }

  /** In scans of more and more detail. */
  static byte[] progressiveJpeg(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Where the first segment of a JPEG with that mark is. */
  static int indexOf(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xFF) != marker) {
      at += 2 + (ByteBuffer.wrap(jpeg).getShort(at + 2) & 0xFFFF);
    }
    return at;
  }

  /** A JPEG of four channels, which the Adobe segment says are CMYK (0) or YCCK (2). */
  static byte[] jpegOfFour(Raster raster, int transform) throws IOException {
    byte[] adobe = {0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    return withSegment(jpeg(new IIOImage(raster, null, null)), 0xEE, adobe);
  }

  private static byte[] jpeg(IIOImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam best = writer.getDefaultWriteParam();
      best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      best.setCompressionQuality(1);
      writer.write(null, image, best);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  public static byte[] jpegWithOrientation(byte[] jpeg, int orientation) {
    byte[] tiff = exif(orientation);
    ByteBuffer segment = ByteBuffer.allocate(8 + tiff.length);
    segment.putShort((short) (8 + tiff.length)).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    return withSegment(jpeg, 0xE1, segment.put(tiff).array());
  }

  static byte[] pngWithOrientation(byte[] png, int orientation) {
    byte[] tiff = exif(orientation);
    ByteBuffer chunk = ByteBuffer.allocate(12 + tiff.length).putInt(tiff.length);
    chunk.put("eXIf".getBytes(StandardCharsets.US_ASCII)).put(tiff);
    CRC32 sum = new CRC32();
    sum.update(chunk.array(), 4, 4 + tiff.length);
    return spliced(png, 33, chunk.putInt((int) sum.getValue()).array()); // after IHDR
  }

  private static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1})
        .putShort((short) 0x0112) // orientation
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  static byte[] withSegment(byte[] jpeg, int marker, byte[] segment) {
    byte[] marked = new byte[segment.length + 2];
    marked[0] = (byte) 0xFF;
    marked[1] = (byte) marker;
    System.arraycopy(segment, 0, marked, 2, segment.length);
    return spliced(jpeg, 2, marked);
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] piece) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length + piece.length);
    return all.put(bytes, 0, at).put(piece).put(bytes, at, bytes.length - at).array();
  }

  /** One colour in every pixel, of one or more channels. */
  public static BufferedImage plain(int type, int width, int height, int... colour) {
    BufferedImage image = new BufferedImage(width, height, type);
    fill(image.getRaster(), colour);
    return image;
  }

  static WritableRaster fill(WritableRaster raster, int... colour) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        raster.setPixel(x, y, colour);
      }
    }
    return raster;
  }

  public static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** A folder data set of {@code count} images a split, all different, with two classes. */
  public static Path dataset(Path dir, int count, int width, int height) throws IOException {
    Files.writeString(dir.resolve("classes.txt"), "ground\nsky\n");
    for (Split split : Split.values()) {
      for (int i = 0; i < count; i++) {
        BufferedImage image =
            plain(BufferedImage.TYPE_3BYTE_BGR, width, height, 5 * i % 256, 100, 200);
        BufferedImage mask = plain(BufferedImage.TYPE_BYTE_GRAY, width, height, 0);
        fill(mask.getRaster().createWritableChild(0, 0, width / 2, height, 0, 0, null), 1);
        write(dir.resolve("images/%s/%03d.png".formatted(split, i)), png(image));
        write(dir.resolve("annotations/%s/%03d.png".formatted(split, i)), png(mask));
      }
    }
    return dir;
  }
}
