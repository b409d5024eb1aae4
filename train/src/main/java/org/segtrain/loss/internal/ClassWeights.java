package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Awaited;
import org.segtrain.data.internal.Batch;
import org.segtrain.data.internal.Portioned;

/**
 * The weight of a pixel of each class in the loss: its class's share of the pixels to the power of
 * {@code -balance}. Weights are scaled so that the mean over all pixels is 1. With 0 all count the
 * same, with 1 all classes do.
 */
public final class ClassWeights {

  private static final int SAMPLES = 200; // of the training split, evenly spaced
  private static final double RAREST = 1e-4; // share below which classes are weighted alike

  private final double[] weights;

  private ClassWeights(double[] weights) {
    this.weights = weights;
  }

  /** Those, one for each class. */
  static ClassWeights of(double... weights) {
    return new ClassWeights(weights.clone());
  }

  /** The same for each of {@code classes}. */
  public static ClassWeights equal(int classes) {
    double[] weights = new double[classes];
    Arrays.fill(weights, 1);
    return new ClassWeights(weights);
  }

  /** Counts the pixels of some training samples, unless {@code balance} is 0. */
  public static ClassWeights of(Dataset dataset, double balance) {
    int classes = dataset.classes().size();
    if (balance == 0) {
      return equal(classes);
    }
    double[] shares = shares(dataset, classes);
    double[] weights =
        Arrays.stream(shares).map(share -> Math.pow(Math.max(share, RAREST), -balance)).toArray();
    double mean = IntStream.range(0, classes).mapToDouble(k -> shares[k] * weights[k]).sum();
    return new ClassWeights(Arrays.stream(weights).map(weight -> weight / mean).toArray());
  }

  /**
   * The same, counted on a thread of its own from now on. The supplier waits for it, and throws
   * what goes wrong.
   */
  public static Supplier<ClassWeights> ahead(Dataset dataset, double balance) {
    FutureTask<ClassWeights> counting = new FutureTask<>(() -> of(dataset, balance));
    Thread thread = new Thread(counting, "class-weights");
    thread.setDaemon(true);
    thread.start();
    return () -> Awaited.of(counting, "the samples that are counted for loss.classBalance");
  }

  private static double[] shares(Dataset dataset, int classes) {
    int size = dataset.size(Split.TRAINING);
    int samples = Math.min(size, SAMPLES);
    double[] weights = Portioned.weights(Portioned.of(dataset));
    double[] counts = new double[Sample.VOID + 1];
    for (long i = 0; i < samples; i++) {
      int index = (int) (i * size / samples);
      for (byte label : dataset.labels(Split.TRAINING, index)) {
        counts[Byte.toUnsignedInt(label)] += weights[index];
      }
    }
    double all = Math.max(1, Arrays.stream(counts, 0, classes).sum());
    return Arrays.stream(counts, 0, classes).map(count -> count / all).toArray();
  }

  /** How many classes there are. */
  public int classes() {
    return weights.length;
  }

  /** The weight of each class, {@code K}, float32. */
  public NDArray array(NDManager manager) {
    return manager.create(weights).toType(DataType.FLOAT32, false);
  }

  /**
   * The sum of the weights of pixels.
   *
   * @param counts how many pixels each class has; further numbers count nothing
   */
  public double total(long[] counts) {
    return IntStream.range(0, weights.length).mapToDouble(k -> counts[k] * weights[k]).sum();
  }

  /** The sum of the weights of all pixels of a batch; void ones have none. */
  double total(Batch batch) {
    double total = 0;
    for (byte label : batch.labels()) {
      int k = Byte.toUnsignedInt(label);
      total += k == Sample.VOID ? 0 : weights[k];
    }
    return total;
  }
}
