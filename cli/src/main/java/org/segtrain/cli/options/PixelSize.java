package org.segtrain.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.backbones.Backbone;
import org.segtrain.errors.UsageException;

/** The size of an image as users write it, {@code 512x2048}: height, then width, pixels. */
public record PixelSize(int height, int width) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  public PixelSize {
    if (Math.min(height, width) < Backbone.SHORTEST_SIDE) {
      throw new UsageException(
          "size must be at least %1$d x %1$d, but is %2$d x %3$d"
              .formatted(Backbone.SHORTEST_SIDE, height, width));
    }
  }

  public static PixelSize of(String text) {
    Matcher sides = TEXT.matcher(text);
    if (!sides.matches()) {
      throw new UsageException(
          "size must be HEIGHTxWIDTH, as in 512x2048, but is \"%s\"".formatted(text));
    }
    return new PixelSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
