package org.segtrain.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.segtrain.data.Picture;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;

/**
 * The preparation of a training sample: augmentations in order, then padding to the size of the
 * crop.
 */
public final class TrainingPipeline implements Preparation {

  private final ImageSize crop;
  private final Place place;
  private final List<Augmentation> whole;
  private final List<Augmentation> cropped;
  private final List<Augmentation> steps;

  /** The place of a smaller sample in the crop. */
  enum Place {
    TOP_LEFT,
    RANDOM
  }

  /**
   * A pipeline of these steps.
   *
   * @param crop size of the result
   * @param whole applied in order to the photograph, before its crop
   * @param cropped from the crop on; their result must fit into it
   */
  TrainingPipeline(
      ImageSize crop, Place place, List<Augmentation> whole, List<Augmentation> cropped) {
    this.crop = crop;
    this.place = place;
    this.whole = List.copyOf(whole);
    this.cropped = List.copyOf(cropped);
    this.steps = merged(joined(whole, cropped));
  }

  /** The same and {@code more}: rotation before the crop, the rest at the end. */
  public TrainingPipeline with(MoreAugmentation more) {
    return new TrainingPipeline(
        crop, place, joined(whole, more.whole()), joined(cropped, more.cropped()));
  }

  /**
   * The same with an augmentation of the program behind all others and before padding, the place of
   * users' augmentations in MMSegmentation's pipelines.
   *
   * @param own gives samples of at most the size of the crop, which are padded; its results are
   *     checked
   * @param classes of the data set; labels are below this, or void
   */
  public TrainingPipeline then(Augmentation own, int classes) {
    Objects.requireNonNull(own, "own");
    return new TrainingPipeline(
        crop, place, whole, joined(cropped, List.of(new OwnAugmentation(own, crop, classes))));
  }

  private static List<Augmentation> joined(List<Augmentation> some, List<Augmentation> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** The same steps, of which those for a {@link ResizedCrop} are one. */
  private static List<Augmentation> merged(List<Augmentation> steps) {
    List<Augmentation> merged = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      boolean isCropped = i + 1 < steps.size() && steps.get(i + 1) instanceof RandomCrop;
      if (isCropped && steps.get(i) instanceof Resizing resizing) {
        RandomCrop crop = (RandomCrop) steps.get(++i);
        Optional<RandomFlip> flip = Optional.empty();
        if (i + 1 < steps.size() && steps.get(i + 1) instanceof RandomFlip next) {
          flip = Optional.of(next);
          i++;
        }
        merged.add(new ResizedCrop(resizing, crop, flip));
      } else {
        merged.add(steps.get(i));
      }
    }
    return List.copyOf(merged);
  }

  Place place() {
    return place;
  }

  List<Augmentation> whole() {
    return whole;
  }

  List<Augmentation> cropped() {
    return cropped;
  }

  /** Returns a sample of the size of the crop. */
  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample changed = sample;
    for (Augmentation step : steps) {
      changed = step.apply(changed, random);
    }
    return pad(changed, random);
  }

  private Sample pad(Sample sample, RandomGenerator random) {
    int across = crop.width() - sample.width();
    int down = crop.height() - sample.height();
    if (across < 0 || down < 0) {
      throw new IllegalArgumentException(
          "%s is %d x %d after augmentation and does not fit %d x %d; crop it"
              .formatted(
                  sample.name(), sample.width(), sample.height(), crop.width(), crop.height()));
    }
    boolean anywhere = place == Place.RANDOM;
    int left = anywhere ? random.nextInt(across + 1) : 0;
    int top = anywhere ? random.nextInt(down + 1) : 0;
    if (across == 0 && down == 0) {
      return sample;
    }
    byte[] labels = new byte[(int) crop.pixels()];
    Arrays.fill(labels, (byte) Sample.VOID);
    for (int y = 0; y < sample.height(); y++) {
      int to = (top + y) * crop.width() + left;
      System.arraycopy(sample.labels(), y * sample.width(), labels, to, sample.width());
    }
    Picture picture = new Frame(crop.width(), crop.height()).pad(sample.picture(), left, top);
    return new Sample(sample.name(), crop.width(), crop.height(), picture.rgb(), labels);
  }
}
