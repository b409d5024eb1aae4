package org.segtrain.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.Batch;

/**
 * The mean binary cross-entropy of logits {@code B h w} enlarged to the labels, void pixels left
 * out, in float64 and by its formula: {@code w (log(1 + exp(z)) - t z)}, with the derivative {@code
 * w (sigmoid(z) - t)}. The target t is the label, of which {@code smoothing} goes to both classes.
 *
 * @param loss the mean
 * @param total what the pixels count together
 * @param gradient of the loss by each logit, {@code B h w}
 */
record BinaryCrossEntropy(double loss, double total, List<Double> gradient) {

  /** Where a row or column of pixels is among those of the logits. */
  private record Place(int low, int high, double share) {

    static Place of(int pixel, int pixels, int logits, boolean alignCorners) {
      double at =
          alignCorners
              ? pixel * (logits - 1.0) / (pixels - 1)
              : Math.max(0, (pixel + 0.5) * logits / pixels - 0.5);
      int low = (int) at;
      return new Place(low, Math.min(low + 1, logits - 1), at - low);
    }
  }

  static BinaryCrossEntropy of(
      NDArray logits, Batch batch, float[] weights, double smoothing, boolean alignCorners) {
    float[] z = logits.toFloatArray();
    int height = (int) logits.size(1);
    int width = (int) logits.size(2);
    double[] gradient = new double[z.length];
    double loss = 0;
    double total = 0;
    for (int i = 0; i < batch.labels().length; i++) {
      int label = Byte.toUnsignedInt(batch.labels()[i]);
      if (label == Sample.VOID) {
        continue;
      }
      int image = i / (batch.height() * batch.width());
      Place row =
          Place.of(i / batch.width() % batch.height(), batch.height(), height, alignCorners);
      Place column = Place.of(i % batch.width(), batch.width(), width, alignCorners);
      int[] corners = {
        (image * height + row.low) * width + column.low,
        (image * height + row.low) * width + column.high,
        (image * height + row.high) * width + column.low,
        (image * height + row.high) * width + column.high
      };
      double[] shares = {
        (1 - row.share) * (1 - column.share),
        (1 - row.share) * column.share,
        row.share * (1 - column.share),
        row.share * column.share
      };
      double logit = 0;
      for (int corner = 0; corner < 4; corner++) {
        logit += shares[corner] * z[corners[corner]];
      }
      double target = label * (1 - smoothing) + smoothing / 2;
      loss += weights[label] * (Math.log1p(Math.exp(logit)) - target * logit);
      total += weights[label];
      double derivative = weights[label] * (1 / (1 + Math.exp(-logit)) - target);
      for (int corner = 0; corner < 4; corner++) {
        gradient[corners[corner]] += shares[corner] * derivative;
      }
    }
    double all = total;
    List<Double> mean = Arrays.stream(gradient).mapToObj(one -> one / all).toList();
    return new BinaryCrossEntropy(loss / total, total, mean);
  }
}
