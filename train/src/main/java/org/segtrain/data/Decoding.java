package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.segtrain.errors.DataException;

/**
 * An image as decoded by ImageIO, refused if the file is damaged.
 *
 * @param format "PNG" or "JPEG"
 */
record Decoding(String format, BufferedImage image) {

  /** Warnings of the JPEG decoder that mean missing or invented pixels; the others are harmless. */
  private static final Pattern DAMAGE =
      Pattern.compile("truncated|premature|bad huffman|instead of rst|missing eoi");

  boolean isPng() {
    return format.equals("PNG");
  }

  static Decoding of(Path file, byte[] bytes) {
    if (PngChunks.isPng(bytes)) {
      PngChunks.check(file, bytes);
    }
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new DataException(
            "%s is not a JPEG or PNG file; convert it or take it out".formatted(file));
      }
      ImageReader reader = readers.next();
      try {
        return new Decoding(
            reader.getFormatName().toUpperCase(Locale.ROOT), decode(file, reader, in));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof DataException known) {
        throw known;
      }
      String why = e.getMessage() == null ? "it cannot be decoded" : e.getMessage();
      throw damaged(file, why, e);
    }
  }

  private static BufferedImage decode(Path file, ImageReader reader, ImageInputStream in)
      throws IOException {
    reader.setInput(in, true, true);
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (DAMAGE.matcher(warning.toLowerCase(Locale.ROOT)).find()) {
            throw damaged(file, warning, null);
          }
        });
    return reader.read(0);
  }

  static DataException damaged(Path file, String why, Throwable cause) {
    return new DataException(
        "%s is damaged (%s); replace it or take it out".formatted(file, why), cause);
  }
}
