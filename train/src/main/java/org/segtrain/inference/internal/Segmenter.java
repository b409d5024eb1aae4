package org.segtrain.inference.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.augment.Fitted;
import org.segtrain.augment.Fitting;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.data.internal.ReadAhead;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.internal.ClassMap;
import org.segtrain.metrics.internal.Tally;
import org.segtrain.optim.internal.AveragedWeights;

/**
 * Runs a model on whole photographs: resized for the model, scores enlarged to the original size.
 * The weights must not change while it is open, and it serves one thread.
 */
public final class Segmenter implements AutoCloseable {

  private static final int TOGETHER = 4; // windows of one forward pass

  private final ScoringNetwork network;
  private final List<Fitting> views;
  private final Optional<EvaluationConfig.Window> window;
  private final Inputs inputs;
  private final NDManager scope;

  /** A segmenter in the precision, at the size and with the rules for images of {@code config}. */
  public Segmenter(NDManager manager, Network network, TrainConfig config) {
    this(manager, of(manager, network, config, Map.of()), config);
  }

  /**
   * A segmenter with averaged weights.
   *
   * @param averaged in the place of the model's own
   */
  public Segmenter(
      NDManager manager, Network network, TrainConfig config, AveragedWeights averaged) {
    this(manager, of(manager, network, config, averaged.byId()), config);
  }

  /**
   * A segmenter of any network, at the size and with the rules for images of {@code config}.
   *
   * @param network closed with this
   */
  public Segmenter(NDManager manager, ScoringNetwork network, TrainConfig config) {
    this.network = network;
    this.views = config.views();
    this.window = config.evaluation().sliding();
    this.inputs = new Inputs(Precision.FP32, config.data().images());
    this.scope = manager.newSubManager();
  }

  private static ScoringNetwork of(
      NDManager manager, Network network, TrainConfig config, Map<String, NDArray> instead) {
    return new BlockNetwork(manager, network, config.run().precision(), instead);
  }

  /** A store for forward passes in the given precision, whose arrays die with {@code scope}. */
  public static ParameterStore parameters(Block model, Precision precision, NDManager scope) {
    return parameters(model, precision, scope, Map.of());
  }

  static ParameterStore parameters(
      Block model, Precision precision, NDManager scope, Map<String, NDArray> instead) {
    return precision == Precision.BF16
        ? new Bfloat16Parameters(model, scope, instead)
        : new ReplacedParameters(scope, instead);
  }

  /** The class of each pixel, at the picture's own size. */
  public byte[] segment(Picture picture) {
    try (NDManager own = scope.newSubManager()) {
      long[] classes = classes(own, picture).toLongArray();
      byte[] bytes = new byte[classes.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) classes[i];
      }
      return bytes;
    }
  }

  /** Compares the predictions for a whole split with its labels. */
  public Evaluation evaluate(Dataset dataset, Split split) {
    return evaluate(dataset, split, Shard.WHOLE, EvaluationProgress.NONE);
  }

  /**
   * Compares the predictions for images of a split with their labels.
   *
   * @param shard which of its images
   */
  public Evaluation evaluate(
      Dataset dataset, Split split, Shard shard, EvaluationProgress progress) {
    int size = shard.size(dataset.size(split));
    Tally tally = new Tally(dataset.classes());
    try (ReadAhead<Sample> samples =
        new ReadAhead<>(
            size,
            i -> dataset.read(split, shard.index(i)),
            i -> dataset.file(split, shard.index(i)))) {
      for (int i = 0; i < size; i++) {
        int index = shard.index(i);
        Sample sample = samples.next();
        if (!isSkipped(dataset, split, index)) {
          count(tally, dataset, split, index, sample);
        }
        progress.at(i + 1, size);
      }
    }
    return tally.evaluation();
  }

  private void count(Tally tally, Dataset dataset, Split split, int index, Sample sample) {
    String file = dataset.file(split, index);
    try (NDManager one = scope.newSubManager()) {
      NDArray labels = inputs.labels(one, sample.labels(), sample.height(), sample.width());
      tally.add(index, file, sample, classes(one, sample.picture()), labels);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (!Shortage.isSaidBy(e)) {
        throw e;
      }
      skip(dataset, split, index, tooLarge(file, sample, e));
    }
  }

  private static boolean isSkipped(Dataset dataset, Split split, int index) {
    return dataset instanceof SkippingDataset readable && readable.isSkipped(split, index);
  }

  /** Goes on without it, if that was asked for. */
  private static void skip(Dataset dataset, Split split, int index, DataException why) {
    if (!(dataset instanceof SkippingDataset readable)) {
      throw why;
    }
    readable.skip(split, index, why);
  }

  private static DataException tooLarge(String file, Sample sample, Throwable error) {
    String what = "%s (%d x %d pixels)".formatted(file, sample.width(), sample.height());
    if (Shortage.isOfHeap(error)) {
      return HeapFull.of(what, error);
    }
    String wanted = Shortage.wanted(error).map(" for an array of "::concat).orElse("");
    return new DataException(
        "%s cannot be measured, since the engine got no memory%s; cut it into tiles, or end other programs"
            .formatted(what, wanted),
        error);
  }

  @SuppressWarnings("try") // the switch is there to be closed
  private NDArray classes(NDManager own, Picture picture) { // 1 H W, int64
    try (Autograd off = Autograd.off()) {
      if (views.size() > 1) {
        return averaged(own, picture).argMax(1);
      }
      Fitted fitted = views.get(0).apply(picture);
      NDArray map = map(scores(own, fitted.picture()), fitted, picture.height(), picture.width());
      return views.get(0).mirrored() ? map.flip(2) : map;
    }
  }

  /** {@code 1 K h w -> 1 height width}, int64. */
  private NDArray map(NDArray scores, Fitted fitted, int height, int width) {
    if (fitted.isPadded() && fitted.height() == height && fitted.width() == width) {
      int paddedHeight = fitted.picture().height();
      int paddedWidth = fitted.picture().width();
      return ClassMap.of(scores, paddedHeight, paddedWidth, network.alignCorners())
          .get(new NDIndex("..., :{}, :{}", height, width));
    }
    return ClassMap.of(visible(scores, fitted), height, width, network.alignCorners());
  }

  /** Probabilities, {@code 1 K H W}, summed over all views. */
  private NDArray averaged(NDManager own, Picture picture) {
    NDArray sum = null;
    for (Fitting view : views) {
      try (NDManager one = own.newSubManager()) {
        Fitted fitted = view.apply(picture);
        NDArray scores = visible(scores(one, fitted.picture()), fitted);
        NDArray shares =
            Aten.resizeBilinear(scores, picture.height(), picture.width(), network.alignCorners())
                .softmax(1);
        NDArray upright = view.mirrored() ? shares.flip(3) : shares;
        if (sum == null) {
          sum = upright;
          sum.attach(own);
        } else {
          sum.addi(upright);
        }
      }
    }
    return sum;
  }

  /** Scores of all of an image, {@code 1 K h w}; of windows {@code 1 K H W}. */
  private NDArray scores(NDManager own, Picture picture) {
    NDArray image = inputs.image(own, picture);
    if (window.isEmpty()) {
      return network.scores(image);
    }
    return joined(image, Windows.over(picture.height(), picture.width(), window.get()));
  }

  /** The mean of the scores of all windows that a pixel lies in, {@code 1 K H W}. */
  private NDArray joined(NDArray image, Windows windows) {
    NDManager own = image.getManager();
    int height = (int) image.size(2);
    int width = (int) image.size(3);
    NDArray sum = null;
    NDArray count = own.zeros(new Shape(1, 1, height, width));
    List<Windows.Place> places = windows.places();
    for (int from = 0; from < places.size(); from += TOGETHER) {
      List<Windows.Place> some = places.subList(from, Math.min(from + TOGETHER, places.size()));
      try (NDManager one = own.newSubManager()) {
        NDArray scores =
            Aten.resizeBilinear(
                network.scores(cut(one, image, windows, some)),
                windows.height(),
                windows.width(),
                network.alignCorners()); // N K h w
        if (sum == null) {
          sum = own.zeros(new Shape(1, scores.size(1), height, width));
        }
        for (int i = 0; i < some.size(); i++) {
          NDIndex where = windows.index(some.get(i));
          sum.get(one, where).addi(scores.get(one, new NDIndex("{}:{}", i, i + 1)));
          count.get(one, where).addi(1);
        }
      }
    }
    return sum.divi(count);
  }

  /** {@code 1 3 H W -> N 3 h w}. */
  private static NDArray cut(
      NDManager own, NDArray image, Windows windows, List<Windows.Place> places) {
    NDList parts = new NDList();
    places.forEach(place -> parts.add(image.get(own, windows.index(place))));
    return NDArrays.concat(parts);
  }

  /** Scores without those of padding. */
  private NDArray visible(NDArray scores, Fitted fitted) {
    if (!fitted.isPadded()) {
      return scores;
    }
    int height = fitted.picture().height();
    int width = fitted.picture().width();
    return Aten.resizeBilinear(scores, height, width, network.alignCorners())
        .get(new NDIndex("..., :{}, :{}", fitted.height(), fitted.width()));
  }

  @Override
  public void close() {
    scope.close();
    network.close();
  }
}
