package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * A random change to a photograph, and to its labels where pixels move. A program adds its own with
 * {@link TrainingPipeline#then}, or {@code Training.builder().optAugmentation(own)}.
 */
@FunctionalInterface
public interface Augmentation {

  /**
   * The changed sample. Worker threads call it, several at once.
   *
   * @param sample left as it is
   * @param random the sample's own: draw from nothing else, and the same seed gives the same
   *     training with any number of workers
   */
  Sample apply(Sample sample, RandomGenerator random);
}
