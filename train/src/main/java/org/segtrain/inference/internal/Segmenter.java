package org.segtrain.inference.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.augment.Fitted;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.cuda.CudaMath;
import org.segtrain.data.Confidences;
import org.segtrain.data.Dataset;
import org.segtrain.data.LabelledPhotograph;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.data.internal.ReadAhead;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.images.PixelSize;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.Averaging;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.internal.ClassMap;
import org.segtrain.metrics.internal.Tally;
import org.segtrain.optim.internal.AveragedWeights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a model on whole photographs: resized for the model, scores enlarged to the original size.
 * The weights must not change while it is open, and it serves one thread.
 */
public final class Segmenter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.inference");

  /**
   * The most pixels that a model reads at once if no window is given; the same on every machine, so
   * that figures are the same.
   */
  private static final int LARGEST_WHOLE = 8_000_000;

  /** Joined scores of windows that are in memory at a time, elements: 64 MB. */
  private static final long LARGEST_SUMS = 16L << 20;

  private final ScoringNetwork network;
  private final List<Fitting> views;
  private final Optional<EvaluationConfig.Window> window;
  private final Averaging average;
  private final ImageSize crop;
  private final boolean isTf32;
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
    this.average = config.evaluation().average();
    this.crop = config.data().crop();
    this.isTf32 = config.run().precision() == Precision.TF32;
    this.inputs = new Inputs(Precision.FP32, config.data().images());
    this.scope = manager.newSubManager();
  }

  private static ScoringNetwork of(
      NDManager manager, Network network, TrainConfig config, Map<String, NDArray> instead) {
    return new BlockNetwork(manager, network, config.run().precision(), instead);
  }

  /**
   * A store for forward passes in the given precision, whose arrays die with {@code scope}. A
   * caller that changes the weights {@linkplain ReplacedParameters#renew renews} it.
   */
  public static ReplacedParameters parameters(Block model, Precision precision, NDManager scope) {
    return parameters(model, precision, scope, Map.of());
  }

  /**
   * The same.
   *
   * @param instead in the place of some parameters' own, by their identity
   */
  public static ReplacedParameters parameters(
      Block model, Precision precision, NDManager scope, Map<String, NDArray> instead) {
    return precision == Precision.BF16
        ? new Bfloat16Parameters(model, scope, instead)
        : new ReplacedParameters(scope, instead);
  }

  /**
   * The class of each pixel, {@code H*W} bytes, at the photograph's own size.
   *
   * @throws DataException if it is too large at the size at which the model reads it
   */
  public byte[] segment(Photograph photograph) {
    return segment(photograph, EvaluationProgress.NONE);
  }

  /**
   * The same.
   *
   * @param progress is told of its windows
   */
  public byte[] segment(Photograph photograph, EvaluationProgress progress) {
    return segment(photograph, progress, Optional.empty());
  }

  /**
   * The same.
   *
   * @param into takes the probability of each class that is chosen; of the size of the photograph
   */
  @SuppressWarnings("try") // the switch is there to be closed
  public byte[] segment(
      Photograph photograph, EvaluationProgress progress, Optional<Confidences> into) {
    PixelSize size = new PixelSize(photograph.width(), photograph.height());
    CudaMath.forInference(scope.getDevice(), isTf32);
    try (Autograd off = Autograd.off();
        NDManager own = scope.newSubManager()) {
      boolean isReadAsItIs = views.size() == 1 && views.get(0).whole(size).equals(size);
      if (!isReadAsItIs) {
        return whole(own, photograph, progress, into);
      } else if (window.isPresent()) {
        return cut(own, photograph, window.get(), progress, into);
      } else if (size.pixels() > LARGEST_WHOLE) {
        return cutUnasked(own, photograph, progress, into);
      }
      return wholeOrCut(own, photograph, progress, into);
    }
  }

  private byte[] wholeOrCut(
      NDManager own,
      Photograph photograph,
      EvaluationProgress progress,
      Optional<Confidences> into) {
    try (NDManager one = own.newSubManager()) {
      return whole(one, photograph, progress, into);
    } catch (EngineException e) {
      boolean isSmall = photograph.width() <= crop.width() && photograph.height() <= crop.height();
      if (isSmall || !Shortage.isSaidBy(e)) {
        throw e;
      }
    }
    return cutUnasked(own, photograph, progress, into);
  }

  private byte[] whole(
      NDManager own,
      Photograph photograph,
      EvaluationProgress progress,
      Optional<Confidences> into) {
    PixelSize size = new PixelSize(photograph.width(), photograph.height());
    WindowCount count = new WindowCount(progress, windows(size));
    List<ClassMap.View> seen =
        views.stream().map(view -> seen(own, photograph, view, count)).toList();
    return ClassMap.of(seen, size, average, network.alignCorners(), into);
  }

  /** How many there are of a photograph, of all views. */
  private long windows(PixelSize size) {
    return window.isEmpty()
        ? 0
        : views.stream()
            .map(view -> view.whole(size))
            .mapToLong(read -> Windows.count(read.height(), read.width(), window.get()))
            .sum();
  }

  /** In windows of the size of the crops of training. */
  private byte[] cutUnasked(
      NDManager own,
      Photograph photograph,
      EvaluationProgress progress,
      Optional<Confidences> into) {
    EvaluationConfig.Window cut = EvaluationConfig.Window.of(crop);
    LOG.warn(
        "an image of {} x {} pixels is too large to be read at once; it is cut into {} of {}, {} apart; evaluation.window (--window) sets others, and larger ones are faster",
        photograph.width(),
        photograph.height(),
        Counted.of(Windows.count(photograph.height(), photograph.width(), cut), "window"),
        cut.size(),
        cut.stride());
    return cut(own, photograph, cut, progress, into);
  }

  /** The classes of a photograph of which only a few windows are in memory at a time. */
  private byte[] cut(
      NDManager own,
      Photograph photograph,
      EvaluationConfig.Window window,
      EvaluationProgress progress,
      Optional<Confidences> into) {
    int width = photograph.width();
    byte[] map = new byte[width * photograph.height()];
    Windows windows = Windows.over(photograph.height(), width, window);
    mosaic(new WindowCount(progress, Windows.count(photograph.height(), width, window)))
        .join(
            own,
            photograph,
            windows,
            (scores, left, top) -> {
              byte[] part = ClassMap.highest(scores);
              int columns = (int) scores.size(3);
              for (int y = 0; y < scores.size(2); y++) {
                System.arraycopy(part, y * columns, map, (top + y) * width + left, columns);
              }
              if (into.isPresent()) {
                into.get().put(left, top, columns, ClassMap.probabilities(scores));
              }
            });
    return map;
  }

  private Mosaic mosaic(WindowCount read) {
    return new Mosaic(inputs::image, network::scores, network.alignCorners(), read, LARGEST_SUMS);
  }

  /** The scores of the photograph at the size of a view. */
  private ClassMap.View seen(
      NDManager own, Photograph photograph, Fitting view, WindowCount count) {
    try (NDManager one = own.newSubManager()) {
      Fitted fitted = view.apply(photograph);
      PixelSize read = new PixelSize(fitted.picture().width(), fitted.picture().height());
      NDArray scores = scores(one, fitted.picture(), count);
      PixelSize size = new PixelSize(photograph.width(), photograph.height());
      boolean isOwnSize = fitted.width() == size.width() && fitted.height() == size.height();
      if (fitted.isPadded() && !isOwnSize) { // cut before it is enlarged
        scores =
            Aten.resizeBilinear(scores, read.height(), read.width(), network.alignCorners())
                .get(new NDIndex("..., :{}, :{}", fitted.height(), fitted.width()))
                .duplicate();
      }
      scores.attach(own);
      return new ClassMap.View(scores, isOwnSize ? read : size, view.mirrored());
    }
  }

  /** Scores of all of an image, {@code 1 K h w}; of windows {@code 1 K H W}. */
  private NDArray scores(NDManager own, Picture picture, WindowCount count) {
    if (window.isEmpty()) {
      return network.scores(inputs.image(own, picture));
    }
    int height = picture.height();
    int width = picture.width();
    NDList whole = new NDList(1);
    mosaic(count)
        .join(
            own,
            picture,
            Windows.over(height, width, window.get()),
            (scores, left, top) -> {
              if (whole.isEmpty()) {
                whole.add(own.zeros(new Shape(1, scores.size(1), height, width)));
              }
              int bottom = top + (int) scores.size(2);
              int right = left + (int) scores.size(3);
              NDIndex where = new NDIndex("..., {}:{}, {}:{}", top, bottom, left, right);
              whole.head().get(scores.getManager(), where).addi(scores);
            });
    return whole.head();
  }

  /** Compares the predictions for a whole split with its labels. */
  public Evaluation evaluate(Dataset dataset, Split split) {
    return evaluate(dataset, split, Shard.WHOLE, EvaluationProgress.NONE);
  }

  /**
   * Compares the predictions for images of a split with their labels.
   *
   * @param shard which of its images
   * @param progress is told of images and windows
   */
  public Evaluation evaluate(
      Dataset dataset, Split split, Shard shard, EvaluationProgress progress) {
    int size = shard.size(dataset.size(split));
    Tally tally = new Tally(dataset.classes());
    progress.at(0, size);
    try (ReadAhead<LabelledPhotograph> images =
        new ReadAhead<>(
            size,
            i -> dataset.open(split, shard.index(i)),
            i -> dataset.file(split, shard.index(i)))) {
      for (int i = 0; i < size; i++) {
        int index = shard.index(i);
        LabelledPhotograph image = images.next();
        if (!isSkipped(dataset, split, index)) {
          count(tally, dataset, split, index, image, progress);
        }
        progress.at(i + 1, size);
      }
    }
    return tally.evaluation();
  }

  private void count(
      Tally tally,
      Dataset dataset,
      Split split,
      int index,
      LabelledPhotograph image,
      EvaluationProgress progress) {
    String file = dataset.file(split, index);
    PixelSize size = new PixelSize(image.photograph().width(), image.photograph().height());
    try {
      byte[] labels = image.labels();
      tally.add(index, file, size, segment(image.photograph(), progress), labels);
    } catch (DataException wrong) {
      skip(dataset, split, index, wrong);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (!Shortage.isSaidBy(e)) {
        throw e;
      }
      skip(dataset, split, index, tooLarge(file, size, e));
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

  private static DataException tooLarge(String file, PixelSize size, Throwable error) {
    String what = "%s (%d x %d pixels)".formatted(file, size.width(), size.height());
    if (Shortage.isOfHeap(error)) {
      return HeapFull.of(what, error);
    }
    String wanted = Shortage.wanted(error).map(" for an array of "::concat).orElse("");
    return new DataException(
        "%s cannot be measured, since the engine got no memory%s; set evaluation.window, or end other programs"
            .formatted(what, wanted),
        error);
  }

  @Override
  public void close() {
    scope.close();
    network.close();
  }
}
