package org.segtrain.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segtrain.augment.Edges;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.ImageSize;
import org.segtrain.augment.TrainingPipeline;
import org.segtrain.augment.TrainingSizes;
import org.segtrain.backbones.Backbone;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;

/**
 * The data of a training, and the preparation of its images.
 *
 * @param dataset name of a kind of data set, or a program's name for its own
 * @param path folder of the data; empty for a data set that needs none, or has {@code parts}
 * @param crop size of the training crops
 * @param scale edges that photographs are resized to at the factor 1, as in {@code 2048x512}; empty
 *     for the short edge of {@code crop} and four times that. The rules of HRFormer have no use for
 *     it in training
 * @param minScale smallest factor by which training images are resized, relative to {@code scale}.
 *     With the rules of HRFormer it is relative to their own size, with a short edge of at least
 *     {@code crop}
 * @param maxScale largest factor
 * @param photometric whether colours change at random
 * @param images the rules that prepare photographs
 * @param rareClasses temperature at which samples of rare classes are drawn more often; 0 for each
 *     sample once an epoch
 * @param parts folders that are joined, if there is more than one; all are of the one kind
 */
public record DataConfig(
    String dataset,
    String path,
    ImageSize crop,
    String scale,
    double minScale,
    double maxScale,
    boolean photometric,
    ImageRules images,
    double rareClasses,
    List<DataPart> parts) {

  /** Factors of a size, in training and evaluation; beyond them nothing can be seen. */
  static final double SMALLEST_SCALE = 0.01;

  static final double LARGEST_SCALE = 100;

  private static final double MOST_EVEN = 1000; // a temperature at which all samples come alike

  public DataConfig {
    parts = List.copyOf(parts);
    refuseTwice(path, parts);
    if (crop.shortEdge() < Backbone.SHORTEST_SIDE) {
      throw new UsageException(
          "data.crop must be at least %1$d x %1$d pixels, but is %2$s"
              .formatted(Backbone.SHORTEST_SIDE, crop));
    }
    edges(crop, scale);
    Checks.within("data.minScale", minScale, SMALLEST_SCALE, LARGEST_SCALE);
    Checks.within("data.maxScale", maxScale, SMALLEST_SCALE, LARGEST_SCALE);
    if (!(maxScale >= minScale)) {
      throw new UsageException(
          "data.maxScale must be at least data.minScale, but they are %s and %s"
              .formatted(maxScale, minScale));
    }
    Checks.within("data.rareClasses", rareClasses, 0, MOST_EVEN);
  }

  private static void refuseTwice(String path, List<DataPart> parts) {
    if (!path.isEmpty() && !parts.isEmpty()) {
      throw new UsageException(
          "data.path is %s, but data.parts has %s too; leave one of them empty"
              .formatted(path, Counted.of(parts.size(), "folder")));
    }
    Set<String> seen = new HashSet<>();
    for (DataPart part : parts) {
      if (!seen.add(part.path())) {
        throw new UsageException(
            "data.parts has %s twice; give it once, with the weight 2".formatted(part.path()));
      }
    }
  }

  /** The augmentation of a training sample by these rules. */
  TrainingPipeline pipeline() {
    return images.training(sizes(), photometric);
  }

  /** The sizes of training images. */
  public TrainingSizes sizes() {
    return new TrainingSizes(crop, edges(crop, scale), minScale, maxScale);
  }

  private static Edges edges(ImageSize crop, String scale) {
    return scale.isEmpty() ? Edges.around(crop) : Edges.of("data.scale", scale);
  }
}
