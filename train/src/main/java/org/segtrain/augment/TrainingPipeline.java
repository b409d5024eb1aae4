package org.segtrain.augment;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.segtrain.data.Picture;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;

/**
 * What is done to a sample for training: augmentations in order, then padding to a square.
 *
 * @param crop edge of the result in pixels
 * @param steps applied in order; their result must fit into the square
 */
record TrainingPipeline(int crop, List<Augmentation> steps) implements Preparation {

  TrainingPipeline {
    steps = List.copyOf(steps);
    if (crop < 1) {
      throw new IllegalArgumentException("crop must be at least 1 pixel, but got " + crop);
    }
  }

  /** Returns a sample of {@code crop x crop}. */
  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample changed = sample;
    for (Augmentation step : steps) {
      changed = step.apply(changed, random);
    }
    return pad(changed);
  }

  private Sample pad(Sample sample) {
    if (sample.width() == crop && sample.height() == crop) {
      return sample;
    }
    if (sample.width() > crop || sample.height() > crop) {
      throw new IllegalArgumentException(
          "%s is %d x %d after augmentation and does not fit %d x %d; crop it"
              .formatted(sample.name(), sample.width(), sample.height(), crop, crop));
    }
    byte[] labels = new byte[crop * crop];
    Arrays.fill(labels, (byte) Sample.VOID);
    for (int y = 0; y < sample.height(); y++) {
      System.arraycopy(sample.labels(), y * sample.width(), labels, y * crop, sample.width());
    }
    Picture picture = new Frame(crop, crop).pad(sample.picture());
    return new Sample(sample.name(), crop, crop, picture.rgb(), labels);
  }
}
