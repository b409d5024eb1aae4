package org.segtrain.augment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.segtrain.backbones.Backbone;
import org.segtrain.names.Choice;
import org.segtrain.serving.InputSize;

/** How photographs become what a model reads, in training and in evaluation. */
public enum ImageRules {
  /**
   * MMSegmentation's augmentation; evaluated with edges rounded up to multiples of 32, the coarsest
   * stride of a backbone, so that no map is cut off.
   */
  ALIGNED,
  /** MMSegmentation's augmentation; evaluated with the aspect ratio as it is. */
  EXACT,
  /** HRFormer's augmentation; evaluated at the photograph's own size, padded; blue first. */
  HRFORMER;

  /**
   * What is done to a sample for training.
   *
   * @param crop edge of the result, pixels
   * @param minScale smallest random scale
   * @param maxScale largest random scale
   * @param photometric whether colours change
   */
  public TrainingPipeline training(
      int crop, double minScale, double maxScale, boolean photometric) {
    List<Augmentation> geometric =
        this == HRFORMER
            ? List.of(
                new RandomFlip(0.5),
                new ShortEdge(crop),
                new RandomScale(minScale, maxScale, 0.1),
                new RandomCrop(crop, 1, 0))
            : List.of(
                new RandomResize(4 * crop, crop, minScale, maxScale),
                new RandomCrop(crop, 0.75, 10),
                new RandomFlip(0.5));
    Augmentation colours =
        this == HRFORMER ? new RandomBrightness(10) : new PhotometricDistortion(32, 0.5, 0.5, 18);
    Stream<Augmentation> last = photometric ? Stream.of(colours) : Stream.of();
    return new TrainingPipeline(crop, Stream.concat(geometric.stream(), last).toList());
  }

  /**
   * How a photograph gets the size at which a model is evaluated.
   *
   * @param size of the short edge, pixels
   */
  public Fitting evaluation(int size) {
    return switch (this) {
      case ALIGNED -> new EvaluationResize(size, 32);
      case EXACT -> new EvaluationResize(size, 1);
      case HRFORMER -> new EvaluationPadding(size, 8);
    };
  }

  /** The same for an exported model that reads photographs of any size as they are. */
  public InputSize ofAnySize() {
    return this == HRFORMER ? evaluation(Backbone.SHORTEST_SIDE).served() : InputSize.OWN;
  }

  /** Whether a model reads blue first. The mean and the spread of red are then those of blue. */
  public boolean blueFirst() {
    return this == HRFORMER;
  }

  /** The name at every border, {@code aligned}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The rules of that name.
   *
   * @throws IllegalArgumentException if there are none, naming those there are
   */
  public static ImageRules of(String name) {
    return Choice.of("image rules", values(), name);
  }
}
