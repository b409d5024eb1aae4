package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/** A random change to a photograph, and to its labels where pixels move. */
sealed interface Augmentation
    permits RandomResize,
        RandomScale,
        ShortEdge,
        RandomCrop,
        RandomFlip,
        PhotometricDistortion,
        RandomBrightness {

  /** Draws only from {@code random}; leaves {@code sample} as it is. */
  Sample apply(Sample sample, RandomGenerator random);
}
