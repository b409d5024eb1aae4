package org.segtrain.augment;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;

/**
 * What is done to a sample for training: augmentations in order, then padding to a square.
 *
 * @param crop edge of the result in pixels
 * @param steps applied in order; their result must fit into the square
 */
public record TrainingPipeline(int crop, List<Augmentation> steps) implements Preparation {

  /** The mean colour of ImageNet, which normalisation turns into about zero. */
  private static final byte[] PADDING = {124, 116, 104};

  public TrainingPipeline {
    steps = List.copyOf(steps);
    if (crop < 1) {
      throw new IllegalArgumentException("crop must be at least 1 pixel, but got " + crop);
    }
  }

  /** The standard ADE20K pipeline: scale ratios 0.5-2 of a short edge as long as the crop. */
  public static TrainingPipeline standard(int crop) {
    return of(crop, 0.5, 2, true);
  }

  /** The standard pipeline with other scale ratios, and with or without changes of colour. */
  public static TrainingPipeline of(
      int crop, double minRatio, double maxRatio, boolean photometric) {
    List<Augmentation> geometric =
        List.of(
            new RandomResize(4 * crop, crop, minRatio, maxRatio),
            new RandomCrop(crop, 0.75, 10),
            new RandomFlip(0.5));
    Stream<Augmentation> colours =
        photometric ? Stream.of(new PhotometricDistortion(32, 0.5, 0.5, 18)) : Stream.of();
    return new TrainingPipeline(crop, Stream.concat(geometric.stream(), colours).toList());
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
    byte[] rgb = new byte[3 * crop * crop];
    byte[] labels = new byte[crop * crop];
    Arrays.fill(labels, (byte) Sample.VOID);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = PADDING[i % 3];
    }
    for (int y = 0; y < sample.height(); y++) {
      int from = y * sample.width();
      System.arraycopy(sample.rgb(), 3 * from, rgb, 3 * y * crop, 3 * sample.width());
      System.arraycopy(sample.labels(), from, labels, y * crop, sample.width());
    }
    return new Sample(sample.name(), crop, crop, rgb, labels);
  }
}
