package org.segtrain.augment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.UsageException;

/**
 * The size of a crop, a window or an image, pixels. At every border {@code 512} for a square, and
 * else height and width, {@code 512x1024}.
 */
public record ImageSize(int height, int width) {

  /** The form of a text, for sentences. */
  public static final String WANTED =
      "from 1 to 99999 pixels, such as 512, or height and width such as 512x1024";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  public ImageSize {
    if (height < 1 || width < 1) {
      throw new UsageException(
          "a size has at least 1 x 1 pixels, but got %d x %d".formatted(height, width));
    }
  }

  /** A square. */
  public static ImageSize square(int side) {
    return new ImageSize(side, side);
  }

  /**
   * The size that a text or a number says.
   *
   * @throws UsageException if it says none
   */
  @JsonCreator
  public static ImageSize of(Object written) {
    Matcher sides = TEXT.matcher(String.valueOf(written).strip());
    if (!sides.matches()) {
      throw new UsageException(
          "a size is a number of pixels, as in 512, or HEIGHTxWIDTH, as in 512x1024, but is \"%s\""
              .formatted(written));
    }
    int height = Integer.parseInt(sides.group(1));
    return new ImageSize(
        height, sides.group(2) == null ? height : Integer.parseInt(sides.group(2)));
  }

  /**
   * The same of a value with a name.
   *
   * @param key of the configuration, or another name for the sentence
   * @throws UsageException if it says none
   */
  public static ImageSize of(String key, String text) {
    try {
      return of(text);
    } catch (UsageException e) {
      throw new UsageException("%s must be %s, but is \"%s\"".formatted(key, WANTED, text), e);
    }
  }

  /** A number for a square, else a text. */
  @JsonValue
  public Object written() {
    return height == width ? (Object) height : toString();
  }

  /** Pixels of the shorter side. */
  public int shortEdge() {
    return Math.min(height, width);
  }

  /** How many pixels it has. */
  public long pixels() {
    return (long) height * width;
  }

  @Override
  public String toString() {
    return height == width ? String.valueOf(height) : height + "x" + width;
  }
}
