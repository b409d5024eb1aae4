package org.segtrain.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.collectives.Group;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.optim.FineTuning;
import org.segtrain.recipes.Settings;

/** Runs of seconds, for tests. */
public final class TinyRuns {

  /** Four steps of twice two pictures, everything random switched on, evaluated twice. */
  public static final TrainConfig CONFIG =
      Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.FOLDER)
          .over(
              ConfigFile.parse(
                  "tiny",
                  """
                  {"model": {"dropPath": 0.1, "dropout": 0.1},
                   "data": {"crop": 32, "minScale": 0.5, "maxScale": 2, "photometric": true},
                   "schedule": {"iterations": 4, "batch": 2, "accumulate": 2, "warmup": 2,
                                "evalEvery": 2},
                   "optimizer": {"learningRate": 1e-3},
                   "loss": {"classBalance": 0.5},
                   "run": {"precision": "fp32", "threads": 1, "seed": 7}}
                  """))
          .config();

  private TinyRuns() {}

  /** {@link #CONFIG} with other values, given as JSON. */
  public static TrainConfig config(String json) {
    return CONFIG.with(ConfigFile.parse("test", json));
  }

  /** {@code config} with another fine-tuning. */
  public static TrainConfig tuned(TrainConfig config, FineTuning tuning) {
    return new TrainConfig(
        config.model(),
        config.data(),
        config.augmentation(),
        config.files(),
        config.evaluation(),
        config.schedule(),
        config.optimizer(),
        config.loss(),
        config.run(),
        tuning,
        config.weights());
  }

  /** The initialised model of {@code config}. */
  public static SegmentationModel build(TrainConfig config, int classes, NDManager manager) {
    SegmentationModel model = TrainedModel.of(config, classes);
    ImageSize crop = config.data().crop();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, crop.height(), crop.width()));
    return model;
  }

  public static Resources oneThread(int workers) {
    return Resources.start("cpu", 1, workers);
  }

  /** A run into {@code dir}, which goes on if one was begun there. */
  static Training training(TrainConfig config, Dataset dataset, int workers, Path dir) {
    return training(config, dataset, workers, dir, Progress.NONE);
  }

  public static Training training(
      TrainConfig config, Dataset dataset, int workers, Path dir, Progress progress) {
    return Training.builder()
        .setConfig(config)
        .setDataset(dataset)
        .optResources(oneThread(workers))
        .setFolder(dir)
        .optProgress(progress)
        .build();
  }

  public static RunFolder run(TrainConfig config, Dataset dataset, int workers, Path dir) {
    training(config, dataset, workers, dir).run();
    return new RunFolder(dir);
  }

  /** Runs until the first evaluation, during which it is asked to stop. */
  public static Training.Summary runUntilEvaluated(
      TrainConfig config, TinyData dataset, int workers, Path dir) {
    Training[] self = new Training[1];
    self[0] = training(config, dataset.onValidation(() -> self[0].requestStop()), workers, dir);
    return self[0].run();
  }

  /** The passes of a process alone. */
  static Passes passes(int count) {
    return new Passes(Group.alone(), count);
  }
}
