package org.segtrain.augment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.segtrain.backbones.Backbone;
import org.segtrain.images.ChannelOrder;
import org.segtrain.images.InputSize;
import org.segtrain.names.Choice;

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

  private static final int LONGEST = 4; // short edges

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
    List<Augmentation> whole =
        this == HRFORMER
            ? List.of(
                new RandomFlip(0.5), new ShortEdge(crop), new RandomScale(minScale, maxScale, 0.1))
            : List.of(new RandomResize(LONGEST * crop, crop, minScale, maxScale));
    List<Augmentation> cropped =
        this == HRFORMER
            ? List.of(new RandomCrop(crop, 1, 0))
            : List.of(new RandomCrop(crop, 0.75, 10), new RandomFlip(0.5));
    Augmentation colours =
        this == HRFORMER ? new RandomBrightness(10) : new PhotometricDistortion(32, 0.5, 0.5, 18);
    Stream<Augmentation> last = photometric ? Stream.of(colours) : Stream.of();
    return new TrainingPipeline(crop, whole, Stream.concat(cropped.stream(), last).toList());
  }

  /**
   * How a photograph gets the size at which a model is evaluated. By MMSegmentation's rules the
   * short edge is at most {@code size} and the long edge at most four times that, as it does with
   * ADE20K; aligned edges are then rounded up by resizing, as PVT's published test pipeline does
   * ({@code AlignResize}, 32). By HRFormer's rules a photograph stays as large as it is, but for
   * one whose short edge is below {@code size}, and is padded, as its published tests do.
   *
   * @param size pixels
   */
  public Fitting evaluation(int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "size must be at least 1 pixel, but is %d".formatted(size));
    }
    return new Fitting(
        switch (this) {
          case ALIGNED -> new InputSize(size, LONGEST * size, 0, 32, false);
          case EXACT -> new InputSize(size, LONGEST * size, 0, 1, false);
          case HRFORMER -> new InputSize(0, 0, size, 8, true);
        });
  }

  /** The same for an exported model that reads photographs of any size as they are. */
  public InputSize ofAnySize() {
    return this == HRFORMER ? evaluation(Backbone.SHORTEST_SIDE).size() : InputSize.OWN;
  }

  /**
   * In which a model reads colours. Blue first, the mean and the spread of red are those of blue.
   */
  public ChannelOrder channels() {
    return this == HRFORMER ? ChannelOrder.BGR : ChannelOrder.RGB;
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
