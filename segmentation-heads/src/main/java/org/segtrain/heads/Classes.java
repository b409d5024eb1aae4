package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.segtrain.errors.UsageException;

/**
 * The classes of a head, and the logits of its classifier: one for each class, or for two classes
 * only that of the second, z. The scores are then (0, z): their softmax is the sigmoid of z, and
 * their cross-entropy the binary cross-entropy of z.
 *
 * @param number K
 * @param oneLogit whether there is only the logit of the second class
 */
record Classes(int number, boolean oneLogit) {

  private static final Shape BEFORE = new Shape(0, 0, 0, 0, 1, 0); // pads of W, H and channels

  Classes {
    if (oneLogit && number != 2) {
      throw new UsageException(
          "one logit tells 2 classes apart, but the model is to have %d; leave optOneLogit out"
              .formatted(number));
    }
  }

  /** A logit of each class. */
  static Classes of(int number) {
    return new Classes(number, false);
  }

  /** The number of channels of a classifier. */
  int logits() {
    return oneLogit ? 1 : number;
  }

  /** The scores of a classifier's logits: {@code B K H W}, or {@code B 1 H W -> B 2 H W}. */
  NDArray scores(NDArray logits) {
    return oneLogit ? logits.pad(BEFORE, 0) : logits;
  }
}
