package org.segtrain.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.TrainingPipeline;
import org.segtrain.errors.UsageException;

/**
 * What is learnt from, and how its images are prepared.
 *
 * @param dataset name of a kind of data set, or what a program calls its own
 * @param path folder of the data; empty for a data set that needs none, or has {@code parts}
 * @param crop side of the training crops, pixels
 * @param minScale smallest factor by which training images are resized, relative to a short edge of
 *     {@code crop}; with the rules of HRFormer to their own size
 * @param maxScale largest factor
 * @param photometric whether colours change at random
 * @param images how photographs become what the model reads
 * @param rareClasses temperature at which samples of rare classes are drawn more often; 0 for each
 *     sample once an epoch
 * @param parts folders that are joined, if there is more than one; all are of the one kind
 */
public record DataConfig(
    String dataset,
    String path,
    int crop,
    double minScale,
    double maxScale,
    boolean photometric,
    ImageRules images,
    double rareClasses,
    List<DataPart> parts) {

  public DataConfig {
    parts = List.copyOf(parts);
    refuseTwice(path, parts);
    Checks.atLeast("data.crop", crop, 32);
    Checks.finite("data.minScale", minScale);
    if (!(maxScale >= minScale)) {
      throw new UsageException(
          "data.maxScale must be at least data.minScale, but they are %s and %s"
              .formatted(maxScale, minScale));
    }
    Checks.finite("data.maxScale", maxScale);
    if (!(rareClasses >= 0 && Double.isFinite(rareClasses))) {
      throw new UsageException(
          "data.rareClasses must be finite and not negative, but is " + rareClasses);
    }
  }

  private static void refuseTwice(String path, List<DataPart> parts) {
    if (!path.isEmpty() && !parts.isEmpty()) {
      throw new UsageException(
          "data.path is %s, but data.parts has %d folders too; leave one of them empty"
              .formatted(path, parts.size()));
    }
    Set<String> seen = new HashSet<>();
    for (DataPart part : parts) {
      if (!seen.add(part.path())) {
        throw new UsageException(
            "data.parts has %s twice; give it once, with the weight 2".formatted(part.path()));
      }
    }
  }

  /** What these rules do to a sample for training. */
  TrainingPipeline pipeline() {
    return images.training(crop, minScale, maxScale, photometric);
  }
}
