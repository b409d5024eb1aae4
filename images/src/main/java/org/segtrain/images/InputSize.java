package org.segtrain.images;

import java.util.Map;

/**
 * The size of a photograph where the model reads it, as in the model's evaluation. The photograph
 * is scaled, and then each edge is rounded up.
 *
 * @param shortEdge pixels that the short edge is scaled to; 0 for the photograph's own size
 * @param maxEdge largest long edge, pixels, at the expense of the short one; 0 for any
 * @param minEdge smallest short edge, pixels, whatever the long one gets
 * @param multiple both edges are rounded up to multiples of this
 * @param padded whether edges are rounded up by {@link Padding} on the right and below rather than
 *     by resizing
 */
public record InputSize(int shortEdge, int maxEdge, int minEdge, int multiple, boolean padded) {

  /** The photograph's own size. */
  public static final InputSize OWN = new InputSize(0, 0, 0, 1, false);

  private static final String SHORT_EDGE = "shortEdge";
  private static final String MAX_EDGE = "maxEdge";
  private static final String MIN_EDGE = "minEdge";
  private static final String MULTIPLE = "multiple";
  private static final String PADDED = "padded";

  /** The shortest edge that a backbone reads, pixels. */
  private static final int LEAST = 32;

  public InputSize {
    requireAtLeast(0, SHORT_EDGE, shortEdge);
    requireAtLeast(0, MAX_EDGE, maxEdge);
    requireAtLeast(0, MIN_EDGE, minEdge);
    requireAtLeast(1, MULTIPLE, multiple);
  }

  /** As {@code serving.properties} say, or {@link #OWN} where they do not. */
  public static InputSize of(Arguments arguments) {
    return new InputSize(
        arguments.number(SHORT_EDGE, OWN.shortEdge),
        arguments.number(MAX_EDGE, OWN.maxEdge),
        arguments.number(MIN_EDGE, OWN.minEdge),
        arguments.number(MULTIPLE, OWN.multiple),
        arguments.flag(PADDED, OWN.padded));
  }

  /** As {@code serving.properties} say it. */
  public Map<String, String> properties() {
    return Map.of(
        SHORT_EDGE, String.valueOf(shortEdge),
        MAX_EDGE, String.valueOf(maxEdge),
        MIN_EDGE, String.valueOf(minEdge),
        MULTIPLE, String.valueOf(multiple),
        PADDED, String.valueOf(padded));
  }

  /** The same with both target edges times {@code ratio}, rounded down. */
  public InputSize times(double ratio) {
    return new InputSize(
        Math.max(1, (int) (shortEdge * ratio)), (int) (maxEdge * ratio), minEdge, multiple, padded);
  }

  /** The same size, rounded up another way. */
  public InputSize rounded(int multiple, boolean padded) {
    return new InputSize(shortEdge, maxEdge, minEdge, multiple, padded);
  }

  /** The size that a photograph of the given size is scaled to, with its aspect ratio. */
  public PixelSize scaled(PixelSize photograph) {
    double scale = scale(photograph);
    return new PixelSize(rounded(photograph.width() * scale), rounded(photograph.height() * scale));
  }

  /** The size that the model reads. */
  public PixelSize whole(PixelSize scaled) {
    return new PixelSize(edge(scaled.width()), edge(scaled.height()));
  }

  private double scale(PixelSize photograph) {
    double shorter = Math.min(photograph.width(), photograph.height());
    double longer = Math.max(photograph.width(), photograph.height());
    double scale = shortEdge == 0 ? 1 : shortEdge / shorter;
    double fitting = maxEdge == 0 ? scale : Math.min(scale, maxEdge / longer);
    return Math.max(fitting, minEdge / shorter);
  }

  private static int rounded(double pixels) {
    return Math.max(1, (int) (pixels + 0.5));
  }

  private int edge(int pixels) {
    int least = Math.max(pixels, LEAST);
    return (least + multiple - 1) / multiple * multiple;
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but is %d".formatted(name, least, value));
    }
  }
}
