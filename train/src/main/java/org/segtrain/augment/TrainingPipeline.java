package org.segtrain.augment;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.segtrain.data.Picture;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;

/** What is done to a sample for training: augmentations in order, then padding to a square. */
public final class TrainingPipeline implements Preparation {

  private final int crop;
  private final List<Augmentation> whole;
  private final List<Augmentation> cropped;

  /**
   * A pipeline of these steps.
   *
   * @param crop edge of the result in pixels
   * @param whole applied in order to the photograph, before its crop
   * @param cropped from the crop on; their result must fit into the square
   */
  TrainingPipeline(int crop, List<Augmentation> whole, List<Augmentation> cropped) {
    if (crop < 1) {
      throw new IllegalArgumentException("crop must be at least 1 pixel, but got " + crop);
    }
    this.crop = crop;
    this.whole = List.copyOf(whole);
    this.cropped = List.copyOf(cropped);
  }

  /** The same and {@code more}: rotation before the crop, the rest behind all that is there. */
  public TrainingPipeline with(MoreAugmentation more) {
    return new TrainingPipeline(crop, joined(whole, more.whole()), joined(cropped, more.cropped()));
  }

  /**
   * The same, with an augmentation of the program behind all others and before padding, which is
   * where MMSegmentation's pipelines have those of its users.
   *
   * @param own gives samples of at most {@code crop x crop}, which are padded; what it gives is
   *     checked when it is applied
   * @param classes of the data set; labels are below this, or void
   */
  public TrainingPipeline then(Augmentation own, int classes) {
    Objects.requireNonNull(own, "own");
    return new TrainingPipeline(
        crop, whole, joined(cropped, List.of(new OwnAugmentation(own, crop, classes))));
  }

  private static List<Augmentation> joined(List<Augmentation> some, List<Augmentation> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  List<Augmentation> whole() {
    return whole;
  }

  List<Augmentation> cropped() {
    return cropped;
  }

  /** Returns a sample of {@code crop x crop}. */
  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample changed = sample;
    for (Augmentation step : whole) {
      changed = step.apply(changed, random);
    }
    for (Augmentation step : cropped) {
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
