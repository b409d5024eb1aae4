package org.segtrain.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.evaluator.Evaluator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.segtrain.data.Sample;
import org.segtrain.engine.Autograd;
import org.segtrain.errors.Counted;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.PixelSize;
import org.segtrain.metrics.Averaging;
import org.segtrain.metrics.Metrics;
import org.segtrain.metrics.internal.ClassMap;
import org.segtrain.metrics.internal.ConfusionMatrix;

/**
 * Mean intersection over union for DJL's {@code Trainer}, 0-1, of scores enlarged to the size of
 * the labels. An accumulator counts the pixels of all batches since its reset. Its value is the
 * mIoU of all of them together, not the mean over batches. Void pixels do not count.
 */
public final class MeanIou extends Evaluator {

  private final List<String> classes;
  private final boolean alignCorners;
  private final Map<String, long[][]> counts = new ConcurrentHashMap<>();

  private MeanIou(List<String> classes, boolean alignCorners) {
    super("mIoU");
    this.classes = List.copyOf(classes);
    this.alignCorners = alignCorners;
  }

  /** The mIoU of {@code model}, whose classes have those names. */
  public static MeanIou of(SegmentationModel model, List<String> classes) {
    return new MeanIou(classes, model.alignCorners());
  }

  /**
   * The mIoU of one batch, a single number in the manager of the scores.
   *
   * @param labels one array, {@code B H W}: classes, or 255 for void
   * @param scores {@code B K h w}, float32; further arrays are left out
   */
  @Override
  public NDArray evaluate(NDList labels, NDList scores) {
    double value = Metrics.of(classes, count(labels, scores)).meanIou();
    return scores.head().getManager().create((float) value);
  }

  @Override
  public void addAccumulator(String key) {
    resetAccumulator(key);
  }

  @Override
  public void resetAccumulator(String key) {
    counts.put(key, new long[classes.size()][classes.size()]);
  }

  @Override
  public void updateAccumulator(String key, NDList labels, NDList scores) {
    updateAccumulators(new String[] {key}, labels, scores);
  }

  @Override
  public void updateAccumulators(String[] keys, NDList labels, NDList scores) {
    long[][] more = count(labels, scores);
    for (String key : keys) {
      counts.merge(key, more, MeanIou::sum);
    }
  }

  /** The mIoU, 0-1; NaN if no pixel was counted. */
  @Override
  public float getAccumulator(String key) {
    return (float) metrics(key).meanIou();
  }

  /** All figures of the counted pixels, IoU and accuracy of each class too. */
  public Metrics metrics(String key) {
    long[][] counted = counts.get(key);
    if (counted == null) {
      throw new IllegalArgumentException(
          "there is no accumulator \"%s\", only %s".formatted(key, counts.keySet()));
    }
    return Metrics.of(classes, counted);
  }

  /** The pixels of a batch, true class by predicted class. */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private long[][] count(NDList labels, NDList scores) {
    NDArray all = scores.head();
    if (all.size(1) != classes.size()) {
      throw new IllegalArgumentException(
          "the model scores %s, but mIoU was asked for %d; give the names of the model's"
                  .formatted(Counted.of(all.size(1), "class"), classes.size())
              + " classes");
    }
    try (NDManager scope = all.getManager().newSubManager();
        Autograd off = Autograd.off()) {
      NDArray truth = LabelArrays.of(labels, all, scope); // B H W
      ConfusionMatrix matrix = new ConfusionMatrix(classes.size(), Sample.VOID);
      for (long i = 0; i < all.size(0); i++) { // enlarged scores of one image at a time
        try (NDManager one = scope.newSubManager()) {
          NDIndex image = new NDIndex("{}:{}", i, i + 1);
          NDArray score = all.get(one, image); // 1 K h w
          NDArray label = truth.get(one, image); // 1 H W
          PixelSize size = new PixelSize((int) label.size(2), (int) label.size(1));
          ClassMap.View view = new ClassMap.View(score, size, false);
          matrix.add(
              ClassMap.of(List.of(view), size, Averaging.PROBABILITIES, alignCorners),
              label.toType(DataType.UINT8, false).toByteArray());
        }
      }
      return matrix.rows();
    }
  }

  private static long[][] sum(long[][] a, long[][] b) {
    long[][] sum = new long[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum[i][j] = a[i][j] + b[i][j];
      }
    }
    return sum;
  }
}
