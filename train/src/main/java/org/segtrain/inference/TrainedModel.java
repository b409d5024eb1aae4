package org.segtrain.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.segtrain.augment.ImageSize;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.ModelConfig;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Confidences;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Split;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.CpuMemory;
import org.segtrain.engine.internal.RandomNumbers;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.SameClasses;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.metrics.Evaluation;

/** A model from a checkpoint, ready to segment photographs. One thread at a time may use it. */
public final class TrainedModel implements ModelInUse {

  private final Path file;
  private final List<String> origin;
  private final TrainingState state;
  private final NDManager manager;
  private final Block block;
  private final Segmenter segmenter;

  private TrainedModel(
      Path file, List<String> origin, TrainingState state, NDManager manager, Block block) {
    this.file = file;
    this.origin = origin;
    this.state = state;
    this.manager = manager;
    this.block = block;
    this.segmenter = new Segmenter(manager, Network.of(block), state.config());
  }

  /**
   * Loads a checkpoint, or the best (else the last) one of the folder of a run.
   *
   * @throws DataException if there is none or it is broken
   */
  public static TrainedModel load(Path runOrCheckpoint, Resources resources) {
    return load(runOrCheckpoint, resources, Overlay.of("program"));
  }

  /**
   * Loads a checkpoint likewise, of which some values are replaced.
   *
   * @param instead values of its configuration that decide how it is used, such as {@code
   *     run.precision}
   * @throws DataException if there is none or it is broken
   */
  public static TrainedModel load(Path runOrCheckpoint, Resources resources, Overlay instead) {
    return load(
        runOrCheckpoint,
        state -> of(state.config(), state.classes().size()),
        Objects.requireNonNull(instead, "instead"),
        resources);
  }

  /**
   * Loads a run of a model that a program brings.
   *
   * @param block of the trained kind, not initialised; this model owns it from now on
   * @throws DataException if there is no checkpoint, or it is broken or of another model
   */
  public static TrainedModel load(Path runOrCheckpoint, Block block, Resources resources) {
    Objects.requireNonNull(block, "block");
    if (block.isInitialized()) {
      throw new UsageException("the block has weights already; give a new one, not initialised");
    }
    return load(runOrCheckpoint, state -> block, Overlay.of("program"), resources);
  }

  private static TrainedModel load(
      Path runOrCheckpoint,
      Function<TrainingState, Block> blocks,
      Overlay instead,
      Resources resources) {
    Objects.requireNonNull(runOrCheckpoint, "runOrCheckpoint");
    Objects.requireNonNull(resources, "resources");
    Path file = file(runOrCheckpoint);
    NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      TrainingState state = TrainingState.of(checkpoint).with(instead);
      Block block = initialized(blocks.apply(state), state.config(), manager);
      TrainingState.loadEvaluated(checkpoint, block);
      refuseNotFinite(file, block);
      List<String> origin = List.of("%s, step %d".formatted(file, state.step()));
      return new TrainedModel(file, origin, state, manager, block);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * A model from a file of weights that does not describe its model.
   *
   * @param config with their backbone, head and preparation of photographs
   * @param classes of the weights
   * @throws DataException if the file cannot be read, or has not all weights of such a model
   */
  public static TrainedModel of(
      WeightsSource weights, TrainConfig config, List<String> classes, Resources resources) {
    NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
    try {
      Block model = initialized(of(config, classes.size()), config, manager);
      List<String> origin = weights.predictWith(model).lines();
      refuseNotFinite(Path.of(weights.file()), model);
      TrainingState state = TrainingState.first(config.with(weights.overlay("")), classes);
      return new TrainedModel(Path.of(weights.file()), origin, state, manager, model);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Refuses the weights of a training that diverged: every class of every pixel would be chance.
   */
  private static void refuseNotFinite(Path file, Block block) {
    List<String> wrong = new ArrayList<>();
    StateDict.of(block)
        .forEach(
            (name, parameter) -> {
              if (!isFinite(parameter.getArray())) {
                wrong.add(name);
              }
            });
    if (!wrong.isEmpty()) {
      throw new DataException(
          "%s of %s are not finite (NaN or infinite), such as %s; take an earlier checkpoint"
              .formatted(Counted.of(wrong.size(), "array"), file, wrong.get(0)));
    }
  }

  /** A sum that overflows says nothing. */
  private static boolean isFinite(NDArray array) {
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray sum = array.sum();
      sum.attach(scope);
      if (!sum.getDataType().isFloating() || Float.isFinite(sum.getFloat())) {
        return true;
      }
      NDArray wrong = array.isNaN().logicalOr(array.isInfinite());
      wrong.attach(scope);
      return !wrong.any().getBoolean();
    }
  }

  /**
   * A model as the configuration says, not initialised.
   *
   * @throws DataException if the configuration is of a model that a program brought
   */
  public static SegmentationModel of(TrainConfig config, int classes) {
    ModelConfig parts = config.model();
    if (!parts.isKnown()) {
      throw new DataException(
          "segtrain cannot build the model \"%s\", which a program brought; load it in that program with"
                  .formatted(parts.backbone())
              + " TrainedModel.load(run, block, resources), where block is a new one of its kind");
    }
    return SegmentationModel.builder()
        .setBackbone(parts.backboneVariant())
        .setHead(parts.headVariant())
        .setClasses(classes)
        .optOneLogit(parts.oneLogit())
        .optDropPath(parts.dropPath())
        .optDropout(parts.dropout())
        .build();
  }

  @SuppressWarnings("try") // the random numbers are there to be closed
  private static Block initialized(Block block, TrainConfig config, NDManager manager) {
    ImageSize crop = config.data().crop();
    try (RandomNumbers own = RandomNumbers.any()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, crop.height(), crop.width()));
    }
    return block;
  }

  /** Whether {@code folder} is one with a checkpoint of a run. */
  public static boolean isRun(Path folder) {
    RunFolder run = new RunFolder(folder);
    return Files.exists(run.best()) || Files.exists(run.last());
  }

  /**
   * The checkpoint itself, or the best (else the last) of the folder of a run.
   *
   * @throws DataException if the folder has none
   */
  public static Path file(Path runOrCheckpoint) {
    if (!Files.isDirectory(runOrCheckpoint)) {
      return runOrCheckpoint;
    }
    RunFolder run = new RunFolder(runOrCheckpoint);
    if (Files.exists(run.best())) {
      return run.best();
    } else if (Files.exists(run.last())) {
      return run.last();
    }
    throw new DataException(
        "%s has neither %s nor %s; give the folder of a run or a checkpoint"
            .formatted(runOrCheckpoint, run.best().getFileName(), run.last().getFileName()));
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public List<String> origin() {
    return origin;
  }

  /** The block, which is this model's as long as it is open. */
  public Block block() {
    return block;
  }

  /**
   * The block of a run of segtrain's parts.
   *
   * @throws DataException if a program brought another kind of block
   */
  public SegmentationModel model() {
    if (block instanceof SegmentationModel whole) {
      return whole;
    }
    throw new DataException(
        "%s is of a %s, but a SegmentationModel is needed; build one of your parts"
            .formatted(file, block.getClass().getSimpleName()));
  }

  /** How it was trained. */
  @Override
  public TrainConfig config() {
    return state.config();
  }

  @Override
  public List<String> classes() {
    return state.classes();
  }

  @Override
  public Palette palette() {
    return DatasetVariant.palette(config(), classes().size());
  }

  /** Optimiser steps made. */
  public long step() {
    return state.step();
  }

  @Override
  public byte[] segment(Photograph photograph, EvaluationProgress progress) {
    return segmenter.segment(photograph, progress);
  }

  @Override
  public byte[] segment(Photograph photograph, EvaluationProgress progress, Confidences into) {
    return segmenter.segment(photograph, progress, Optional.of(into));
  }

  /**
   * Compares the predictions for a whole split with its labels.
   *
   * @throws DataException if the data set has other classes
   */
  public Evaluation evaluate(Dataset dataset, Split split) {
    return evaluate(dataset, split, Shard.WHOLE, EvaluationProgress.NONE);
  }

  @Override
  public Evaluation evaluate(
      Dataset dataset, Split split, Shard shard, EvaluationProgress progress) {
    SameClasses.require(file, classes(), dataset.classes());
    return segmenter.evaluate(dataset, split, shard, progress);
  }

  @Override
  public void close() {
    segmenter.close();
    manager.close();
    CpuMemory.release();
  }
}
