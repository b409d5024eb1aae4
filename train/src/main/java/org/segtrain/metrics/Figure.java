package org.segtrain.metrics;

import java.util.function.ToDoubleFunction;
import org.segtrain.names.Choice;

/** A figure by which checkpoints are compared, the higher the better; 0-1, NaN if unknown. */
public enum Figure {
  MEAN_IOU("mIoU", found -> found.metrics().meanIou()),
  MEAN_ACCURACY("mAcc", found -> found.metrics().meanAccuracy()),
  ACCURACY("aAcc", found -> found.metrics().accuracy()),
  MEAN_F1("mF1", found -> found.metrics().meanF1()),
  FREQUENCY_WEIGHTED_IOU("fwIoU", found -> found.metrics().frequencyWeightedIou()),
  MEAN_BOUNDARY_IOU("mBIoU", found -> found.boundaryMetrics().meanIou());

  private final String name;
  private final ToDoubleFunction<Evaluation> value;

  Figure(String name, ToDoubleFunction<Evaluation> value) {
    this.name = name;
    this.value = value;
  }

  /** Its value in an evaluation. */
  public double of(Evaluation found) {
    return value.applyAsDouble(found);
  }

  /** The name at every border, {@code mIoU}. */
  @Override
  public String toString() {
    return name;
  }

  /**
   * The figure of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
   */
  public static Figure of(String name) {
    return Choice.of("figure", values(), name);
  }
}
