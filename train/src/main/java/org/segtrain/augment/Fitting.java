package org.segtrain.augment;

import org.segtrain.data.Picture;
import org.segtrain.serving.InputSize;

/** How photographs get the size at which a model is evaluated. */
public sealed interface Fitting permits EvaluationResize, EvaluationPadding {

  /** The photograph at that size. */
  Fitted apply(Picture picture);

  /** The same for an exported model. */
  InputSize served();
}
