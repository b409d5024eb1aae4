package org.segtrain.augment;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * These steps one after the other, with the same result: only what the crop keeps leaves OpenCV,
 * and only its labels are resized.
 */
record ResizedCrop(Resizing resizing, RandomCrop crop, Optional<RandomFlip> flip)
    implements Augmentation {

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Frame resized = resizing.frame(sample, random);
    if (!resized.isOf(sample)) {
      resized.requireRoom(sample.name());
    }
    Part part = crop.part(sample, resized, random);
    boolean isMirrored = flip.isPresent() && flip.get().isDrawn(random);
    return new Sample(
        sample.name(),
        part.width(),
        part.height(),
        OpenCv.resizePart(sample.picture(), resized, resizing.between(), part, isMirrored),
        part.labels(isMirrored));
  }
}
