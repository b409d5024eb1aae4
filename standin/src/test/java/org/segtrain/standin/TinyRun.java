package org.segtrain.standin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ShapesDataset;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.recipes.Settings;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.Training;

/** A run of seconds: four steps of twice two pictures, all that is random switched on. */
final class TinyRun {

  static final ShapesDataset SCENES = new ShapesDataset(64, 4, 2);

  private static final String CONFIG =
      """
      {"model": {"dropPath": 0.1, "dropout": 0.1},
       "data": {"crop": %d, "minScale": 0.5, "maxScale": 2, "photometric": true},
       "schedule": {"iterations": 4, "batch": 2, "accumulate": %d, "warmup": 2, "evalEvery": 4},
       "optimizer": {"learningRate": 1e-4},
       "run": {"precision": "fp32", "threads": 1, "seed": 7}}
      """;

  private TinyRun() {}

  static TrainConfig config(BackboneVariant backbone, HeadVariant head, int crop, int accumulate) {
    return Settings.of(backbone, head, DatasetVariant.SHAPES)
        .over(ConfigFile.parse("tiny", CONFIG.formatted(crop, accumulate)))
        .config();
  }

  /** Of PVT and a semantic FPN. */
  static TrainConfig config() {
    return config(BackboneVariant.PVT_TINY, HeadVariant.FPN, 32, 2);
  }

  /** What a run told. */
  static final class Told implements Progress {

    final List<Double> losses = new ArrayList<>();
    final List<Long> waits = new ArrayList<>(); // of each step but the first
    final List<Long> launches = new ArrayList<>();
    final List<Long> allocated = new ArrayList<>();
    double meanIou;

    @Override
    public void step(StepReport step) {
      if (!losses.isEmpty()) {
        waits.add(StandInGpu.waits());
        launches.add(StandInGpu.launches());
      }
      losses.add(step.loss());
      allocated.add(StandInGpu.allocated());
      StandInGpu.reset();
    }

    @Override
    public void evaluated(EvaluationReport evaluation) {
      meanIou = evaluation.metrics().meanIou();
    }
  }

  static Told run(TrainConfig config, Resources resources, Path dir) {
    Told told = new Told();
    training(config, resources, dir, told).run();
    return told;
  }

  static Training training(TrainConfig config, Resources resources, Path dir, Progress progress) {
    return Training.builder()
        .setConfig(config)
        .setDataset(SCENES)
        .optResources(resources)
        .setFolder(dir)
        .optProgress(progress)
        .build();
  }
}
