package org.segtrain.augment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.segtrain.augment.TrainingPipeline.Place;
import org.segtrain.backbones.Backbone;
import org.segtrain.images.ChannelOrder;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;
import org.segtrain.names.Choice;

/** The preparation of photographs for a model, in training and in evaluation. */
public enum ImageRules {
  /**
   * MMSegmentation's augmentation; evaluated with edges rounded up to multiples of 32, the coarsest
   * stride of a backbone, so that no map is cut off.
   */
  ALIGNED,
  /** MMSegmentation's augmentation; evaluated with the aspect ratio as it is. */
  EXACT,
  /**
   * HRFormer's augmentation as in version 0.1, which differs from its code in three points; {@link
   * #OPENSEG} does not. Evaluated as that.
   */
  HRFORMER,
  /**
   * HRFormer's augmentation as its code has it, which is built on openseg.pytorch; evaluated at the
   * photograph's own size, padded; blue first.
   */
  OPENSEG;

  /**
   * The augmentation of a training sample.
   *
   * @param photometric whether colours change
   */
  public TrainingPipeline training(TrainingSizes sizes, boolean photometric) {
    return isOfHrformer() ? hrformer(sizes, photometric) : mmsegmentation(sizes, photometric);
  }

  /**
   * The same with square crops. Their side is the short edge at the factor 1; the long edge is at
   * most four times that, as with ADE20K.
   *
   * @param crop pixels
   * @param minScale smallest random factor
   * @param maxScale largest random factor
   * @param photometric whether colours change
   */
  public TrainingPipeline training(
      int crop, double minScale, double maxScale, boolean photometric) {
    return training(TrainingSizes.square(crop, minScale, maxScale), photometric);
  }

  private static TrainingPipeline mmsegmentation(TrainingSizes sizes, boolean photometric) {
    Augmentation colours = new PhotometricDistortion(32, 0.5, 0.5, 18);
    return new TrainingPipeline(
        sizes.crop(),
        Place.TOP_LEFT,
        List.of(new RandomResize(sizes.scale(), sizes.minScale(), sizes.maxScale())),
        steps(photometric, colours, new RandomCrop(sizes.crop(), 0.75, 10), new RandomFlip(0.5)));
  }

  private TrainingPipeline hrformer(TrainingSizes sizes, boolean photometric) {
    boolean published = this == OPENSEG;
    Interpolation between = published ? Interpolation.CUBIC : Interpolation.LINEAR;
    return new TrainingPipeline(
        sizes.crop(),
        published ? Place.RANDOM : Place.TOP_LEFT,
        List.of(
            new RandomFlip(0.5),
            new ShortEdge(sizes.crop().shortEdge(), published, between),
            new RandomScale(sizes.minScale(), sizes.maxScale(), 0.1, between)),
        steps(photometric, new RandomBrightness(10), new RandomCrop(sizes.crop(), 1, 0)));
  }

  private static List<Augmentation> steps(
      boolean photometric, Augmentation colours, Augmentation... first) {
    Stream<Augmentation> last = photometric ? Stream.of(colours) : Stream.of();
    return Stream.concat(Stream.of(first), last).toList();
  }

  /** The size that a photograph of that size is resized to for training at the factor 1. */
  public PixelSize resized(PixelSize photograph, TrainingSizes sizes) {
    int width = photograph.width();
    int height = photograph.height();
    int least = sizes.crop().shortEdge();
    int shortEdge = Math.min(width, height);
    if (!isOfHrformer()) {
      return Frame.fitting(width, height, sizes.scale().longEdge(), sizes.scale().shortEdge())
          .size();
    }
    return shortEdge > least && this == HRFORMER
        ? photograph
        : Frame.scaled(width, height, least / (double) shortEdge).size();
  }

  /** Whether they are HRFormer's rather than MMSegmentation's. */
  public boolean isOfHrformer() {
    return this == HRFORMER || this == OPENSEG;
  }

  /**
   * The size at which a model is evaluated. By MMSegmentation's rules photographs are resized to
   * the edges; aligned edges are then rounded up by resizing, as PVT's published test pipeline does
   * ({@code AlignResize}, 32). By HRFormer's rules a photograph keeps its size and is padded, as in
   * its published tests. Only a shorter short edge is enlarged to that of the edges.
   */
  public InputSize inputSize(Edges edges) {
    InputSize own = ofOwnSize();
    return isOfHrformer()
        ? new InputSize(0, 0, edges.shortEdge(), own.multiple(), own.padded())
        : new InputSize(edges.shortEdge(), edges.longEdge(), 0, own.multiple(), own.padded());
  }

  /**
   * How a photograph gets that size, with a long edge of at most four times the short one.
   *
   * @param shortEdge pixels
   */
  public Fitting evaluation(int shortEdge) {
    return Fitting.of(inputSize(Edges.ofShort(shortEdge)));
  }

  /** A photograph's own size, with edges rounded up. */
  public InputSize ofOwnSize() {
    return switch (this) {
      case ALIGNED -> new InputSize(0, 0, 0, 32, false);
      case EXACT -> InputSize.OWN;
      case HRFORMER, OPENSEG -> new InputSize(0, 0, 0, 8, true);
    };
  }

  /** The same for an exported model that reads photographs of any size as they are. */
  public InputSize ofAnySize() {
    return isOfHrformer() ? inputSize(Edges.ofShort(Backbone.SHORTEST_SIDE)) : InputSize.OWN;
  }

  /**
   * The order in which a model reads colours. Blue first, blue takes the mean and standard
   * deviation of red.
   */
  public ChannelOrder channels() {
    return isOfHrformer() ? ChannelOrder.BGR : ChannelOrder.RGB;
  }

  /** The name at every border, {@code aligned}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The rules of that name.
   *
   * @throws IllegalArgumentException if there are none, naming the known ones
   */
  public static ImageRules of(String name) {
    return Choice.of("images", values(), name);
  }
}
