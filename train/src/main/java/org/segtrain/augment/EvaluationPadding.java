package org.segtrain.augment;

import org.segtrain.data.Picture;
import org.segtrain.serving.InputSize;

/**
 * Leaves a photograph at its own size, but enlarges one whose short edge is below {@code size}, and
 * pads it on the right and below with the mean colour, as HRFormer's published tests do.
 *
 * @param size least short edge, pixels
 * @param multiple of which both edges are after padding
 */
record EvaluationPadding(int size, int multiple) implements Fitting {

  EvaluationPadding {
    if (size < 1 || multiple < 1) {
      throw new IllegalArgumentException(
          "size and multiple must be at least 1 pixel, but got %d and %d"
              .formatted(size, multiple));
    }
  }

  @Override
  public Fitted apply(Picture picture) {
    Frame frame = Frame.covering(picture.width(), picture.height(), size);
    Picture padded = frame.roundedUp(multiple).pad(frame.resize(picture));
    return new Fitted(padded, frame.width(), frame.height());
  }

  @Override
  public InputSize served() {
    return new InputSize(0, 0, size, multiple, true);
  }
}
