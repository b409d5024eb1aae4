package org.segtrain.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of an image as users write it, {@code 512x2048}: height, then width, pixels. */
record PixelSize(int height, int width) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int LEAST = 32;

  PixelSize {
    if (height < LEAST || width < LEAST) {
      throw new IllegalArgumentException(
          "size must be at least %d x %d, but is %d x %d".formatted(LEAST, LEAST, height, width));
    }
  }

  static PixelSize of(String text) {
    Matcher sides = TEXT.matcher(text);
    if (!sides.matches()) {
      throw new IllegalArgumentException(
          "size must be HEIGHTxWIDTH, as in 512x2048, but is \"%s\"".formatted(text));
    }
    return new PixelSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
