package org.segtrain.serving;

import ai.djl.translate.ArgumentsUtil;
import java.util.Map;

/**
 * The size at which a photograph goes into the model: that at which the model was evaluated.
 *
 * @param shortEdge pixels that the short edge gets; 0 for the photograph's own size
 * @param maxEdge pixels that the long edge gets at most, at the expense of the short one; 0 for any
 * @param multiple of which both edges are, rounded up
 */
public record InputSize(int shortEdge, int maxEdge, int multiple) {

  /** The photograph's own size. */
  public static final InputSize OWN = new InputSize(0, 0, 1);

  private static final String SHORT_EDGE = "shortEdge";
  private static final String MAX_EDGE = "maxEdge";
  private static final String MULTIPLE = "multiple";

  /** The shortest edge that a backbone reads, pixels. */
  private static final int LEAST = 32;

  public InputSize {
    if (shortEdge < 0 || maxEdge < 0 || multiple < 1) {
      throw new IllegalArgumentException(
          "%s and %s must not be negative and %s at least 1, but they are %d, %d and %d"
              .formatted(SHORT_EDGE, MAX_EDGE, MULTIPLE, shortEdge, maxEdge, multiple));
    }
  }

  /** As {@code serving.properties} say, or {@link #OWN} where they do not. */
  static InputSize of(Map<String, ?> arguments) {
    return new InputSize(
        ArgumentsUtil.intValue(arguments, SHORT_EDGE, OWN.shortEdge),
        ArgumentsUtil.intValue(arguments, MAX_EDGE, OWN.maxEdge),
        ArgumentsUtil.intValue(arguments, MULTIPLE, OWN.multiple));
  }

  /** As {@code serving.properties} say it. */
  public Map<String, String> properties() {
    return Map.of(
        SHORT_EDGE, String.valueOf(shortEdge),
        MAX_EDGE, String.valueOf(maxEdge),
        MULTIPLE, String.valueOf(multiple));
  }

  /** The size for a photograph of the given one. */
  PixelSize of(PixelSize photograph) {
    double scale = scale(photograph);
    return new PixelSize(edge(photograph.width() * scale), edge(photograph.height() * scale));
  }

  private double scale(PixelSize photograph) {
    double shorter = Math.min(photograph.width(), photograph.height());
    double longer = Math.max(photograph.width(), photograph.height());
    double scale = shortEdge == 0 ? 1 : shortEdge / shorter;
    return maxEdge == 0 ? scale : Math.min(scale, maxEdge / longer);
  }

  private int edge(double pixels) {
    int rounded = (int) (pixels + 0.5);
    int least = Math.max(rounded, LEAST);
    return (least + multiple - 1) / multiple * multiple;
  }
}
