package org.segtrain.augment;

import org.segtrain.backbones.Backbone;
import org.segtrain.data.Picture;
import org.segtrain.serving.InputSize;

/**
 * Resizes, keeping the aspect ratio, so that the short edge is at most {@code size} and the long
 * edge at most four times that, as MMSegmentation does with ADE20K; then both edges up to multiples
 * of {@code multiple}, resized, not padded, as PVT's published test pipeline does ({@code
 * AlignResize}, 32). No edge is below 32 pixels, which backbones need. Labels keep their own size.
 *
 * @param size pixels of the short edge before it is rounded up
 * @param multiple of which both edges are; 1 keeps the aspect ratio
 */
record EvaluationResize(int size, int multiple) implements Fitting {

  private static final int LONGEST = 4; // of size

  EvaluationResize {
    if (size < 1 || multiple < 1) {
      throw new IllegalArgumentException(
          "size and multiple must be at least 1 pixel, but got %d and %d"
              .formatted(size, multiple));
    }
  }

  @Override
  public Fitted apply(Picture picture) {
    Frame frame = Frame.fitting(picture.width(), picture.height(), LONGEST * size, size);
    Frame rounded = frame.roundedUp(multiple).atLeast(Backbone.SHORTEST_SIDE);
    return Fitted.whole(rounded.resize(frame.resize(picture)));
  }

  @Override
  public InputSize served() {
    return new InputSize(size, LONGEST * size, 0, multiple, false);
  }
}
