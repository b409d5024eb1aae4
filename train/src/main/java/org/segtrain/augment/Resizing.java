package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/** An augmentation that only resizes. */
sealed interface Resizing extends Augmentation permits RandomResize, RandomScale, ShortEdge {

  /** The size that a sample gets. */
  Frame frame(Sample sample, RandomGenerator random);

  /** How the photograph is resized. */
  Interpolation between();

  @Override
  default Sample apply(Sample sample, RandomGenerator random) {
    return frame(sample, random).resize(sample, between());
  }
}
