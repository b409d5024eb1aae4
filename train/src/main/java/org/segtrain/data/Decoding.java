package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.errors.DataException;

/**
 * A decoded image. It is refused if pixels are missing or damaged; metadata may be broken. ImageIO
 * decodes all that is not plain, and decides on all that is doubtful.
 */
record Decoding(ImageFormat format, BufferedImage image) {

  /** Warnings of decoders that mean missing or invented pixels; the others are harmless. */
  private static final Pattern DAMAGE =
      Pattern.compile("truncated|premature|bad huffman|instead of rst|missing eoi|corrupt");

  /** Warnings of decoders about metadata, in the same words. */
  private static final Pattern METADATA = Pattern.compile("icc|profile|exif|xmp|metadata");

  /** A class of Java, or an exception, as messages of decoders name them. */
  private static final Pattern CLASS =
      Pattern.compile("[a-z]\\w*\\.[A-Z]\\w|\\w(Exception|Error)\\b|Caught exception");

  /** A photograph. */
  static Decoding of(Path file, byte[] bytes) {
    ImageFormat format = format(file, bytes);
    byte[] whole = Containers.whole(file, format, bytes);
    Optional<PlainImage> plain =
        switch (format) {
          case JPEG -> PlainJpeg.decode(file, whole);
          case PNG -> PlainPng.decode(file, whole);
          default -> Optional.empty();
        };
    return plain
        .map(image -> new Decoding(format, image))
        .orElseGet(() -> decode(file, format, whole));
  }

  /** A mask, whose stored values count: transparency is no second channel. */
  static Decoding ofMask(Path file, byte[] bytes) {
    ImageFormat format = format(file, bytes);
    byte[] whole = Containers.whole(file, format, bytes);
    if (format != ImageFormat.PNG) {
      return decode(file, format, whole);
    }
    byte[] bare = PngChunks.bare(whole, false);
    return PlainPng.decode(file, bare)
        .map(image -> new Decoding(format, image))
        .orElseGet(() -> decode(file, format, bare));
  }

  /**
   * The kind that a file's first bytes show.
   *
   * @throws DataException if it is not read
   */
  static ImageFormat format(Path file, byte[] bytes) {
    if (bytes.length == 0) {
      throw new DataException("%s is empty; replace it or take it out".formatted(file));
    }
    NoImage.refuse(file, bytes);
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () ->
                    new DataException(
                        "%s is no image of a format that is read (%s); convert it or take it out"
                            .formatted(file, ImageFormat.readOnes())));
    if (!format.isRead()) {
      throw new DataException(
          "%s is a %s image, which is not read; convert it to one of %s"
              .formatted(file, format, ImageFormat.readOnes()));
    }
    return format;
  }

  /** By ImageIO. */
  static Decoding decode(Path file, ImageFormat format, byte[] bytes) {
    try {
      return new Decoding(format, read(file, format, bytes));
    } catch (Damage whole) {
      Containers.refuseUnread(file, format, bytes);
      Damage last = whole;
      for (Containers.Mended mended : Containers.mended(format, bytes)) {
        try {
          Decoding decoding = new Decoding(format, read(file, format, mended.bytes()));
          Warnings.say(
              "%s has %s (%s); its pixels are whole"
                  .formatted(file, mended.what(), whole.getMessage()));
          return decoding;
        } catch (Damage pixels) {
          last = pixels;
        }
      }
      throw damaged(file, last.getMessage(), last.getCause());
    }
  }

  /** The words of a decoder for a file that it does not read. */
  private static final class Damage extends Exception {
    private static final long serialVersionUID = 1L;

    Damage(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /** Thrown through a decoder by the listener to its warnings. */
  private static final class Warned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Warned(String warning) {
      super(warning);
    }
  }

  private static BufferedImage read(Path file, ImageFormat format, byte[] bytes) throws Damage {
    try (ImageInputStream in = stream(format, bytes)) {
      ImageReader reader =
          Decoders.find(format, in).orElseThrow(() -> new Damage("no decoder knows it", null));
      try {
        reader.setInput(in, true, true);
        reader.addIIOReadWarningListener((source, warning) -> judge(file, warning));
        Extent size = Extent.ofHeader(file, reader.getWidth(0), reader.getHeight(0));
        Room.require(file, size.width(), size.height());
        BufferedImage image = reader.read(0);
        if (in instanceof LosslessStream pixels && pixels.isPassed()) {
          throw new Damage("truncated", null);
        }
        return image;
      } finally {
        reader.dispose();
      }
    } catch (DataException tooLarge) {
      throw tooLarge;
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file.toString(), e);
    } catch (IOException | RuntimeException e) {
      HeapFull.throwIfCause(file.toString(), e);
      throw new Damage(reason(e), e);
    }
  }

  private static ImageInputStream stream(ImageFormat format, byte[] bytes) {
    OptionalInt end = Containers.losslessEnd(format, bytes);
    return end.isPresent()
        ? new LosslessStream(bytes, end.getAsInt())
        : new MemoryStream(new ByteArrayInputStream(bytes));
  }

  /** The message of a decoder, in words for people. */
  static String reason(Exception e) {
    String text = e.getMessage();
    if (e instanceof EOFException || (text != null && text.contains("EOFException"))) {
      return "truncated";
    }
    boolean isOfDecoder =
        text == null || e instanceof IndexOutOfBoundsException || CLASS.matcher(text).find();
    return isOfDecoder ? "it cannot be decoded" : text;
  }

  /** Heeds a decoder's warning: throws if it means missing pixels, and tells of metadata. */
  static void judge(Path file, String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    if (text.contains("no embedded icc")) {
      Warnings.say(
          "%s has no colour profile, so its colours are approximate; its pixels are whole"
              .formatted(file));
    } else if (METADATA.matcher(text).find()) {
      Warnings.say("%s is read without some of its metadata (%s)".formatted(file, warning));
    } else if (DAMAGE.matcher(text).find()) {
      throw new Warned(warning);
    }
  }

  static DataException damaged(Path file, String why, Throwable cause) {
    return new DataException(
        "%s is damaged (%s); replace it or take it out".formatted(file, why), cause);
  }
}
