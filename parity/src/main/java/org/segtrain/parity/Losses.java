package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.segtrain.engine.Aten;
import org.segtrain.heads.SegmentationModel;

/**
 * The loss of a pass, differentiable.
 *
 * @param value total, then its parts
 */
record Losses(NDList value) {

  private static final double WAVE = 0.01;

  /**
   * The sum over the maps of the mean of a map times a wave, which makes a backbone's gradients.
   */
  static Losses ofMaps(NDList maps) {
    NDList means = new NDList();
    for (NDArray map : maps) {
      means.add(map.mul(wave(map)).mean());
    }
    NDArray total = means.get(0);
    for (int i = 1; i < means.size(); i++) {
      total = total.add(means.get(i));
    }
    return new Losses(new NDList(total));
  }

  private static NDArray wave(NDArray map) {
    float[] values = new float[Math.toIntExact(map.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(WAVE * i);
    }
    return map.getManager().create(values, map.getShape()).toType(map.getDataType(), false);
  }

  /**
   * Cross-entropy of logits, enlarged to the labels, over the pixels that count; then with their
   * weights those of the auxiliary heads.
   */
  static Losses ofLogits(NDList logits, Labels labels, SegmentationModel model) {
    NDManager manager = logits.head().getManager();
    NDArray truth = labels.array(manager);
    NDList parts = new NDList();
    for (NDArray scores : logits) {
      NDArray full =
          Aten.resizeBilinear(scores, labels.shape().get(1), labels.shape().get(2), false);
      parts.add(
          Aten.scaled(
              Aten.crossEntropySum(full, truth, null, Labels.IGNORED, 0), 1.0 / labels.valid()));
    }
    NDArray total = parts.get(0);
    for (int i = 1; i < parts.size(); i++) {
      total = total.add(Aten.scaled(parts.get(i), model.lossWeights().get(i)));
    }
    return new Losses(new NDList(total).addAll(parts));
  }

  /** The numbers. */
  Numbers numbers() {
    return new Numbers(
        at(0), value.size() > 1 ? at(1) : Double.NaN, value.size() > 2 ? at(2) : Double.NaN);
  }

  private double at(int index) {
    return value.get(index).toType(DataType.FLOAT64, false).getDouble();
  }

  /**
   * A loss and its parts.
   *
   * @param main of the head; NaN for a bare backbone
   * @param auxiliary of the auxiliary head, unweighted; NaN if there is none
   */
  record Numbers(double total, double main, double auxiliary) {}
}
