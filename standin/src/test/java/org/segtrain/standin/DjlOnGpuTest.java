package org.segtrain.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.segtrain.augment.ImageRules;
import org.segtrain.data.Split;
import org.segtrain.djl.MeanIou;
import org.segtrain.djl.SegmentationCrossEntropy;
import org.segtrain.djl.SegmentationDataset;
import org.segtrain.heads.SegmentationModel;

/** DJL's own trainer on a GPU, with a model, data, loss and mIoU of segtrain. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class DjlOnGpuTest {

  @Test
  void djlsTrainerTrainsOurModel() throws Exception {
    StandInGpu.allowAllWaits();
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone("pvt_tiny")
            .setHead("fpn")
            .setClasses(12)
            .optDropPath(0.1f)
            .optDropout(0.1f)
            .build();
    SegmentationDataset records =
        SegmentationDataset.builder()
            .setData(TinyRun.SCENES, Split.TRAINING)
            .setSampling(2, true)
            .optPreparation(ImageRules.ALIGNED.training(32, 1, 1, false))
            .build();
    var config =
        new DefaultTrainingConfig(SegmentationCrossEntropy.of(model))
            .optDevices(new Device[] {StandInGpu.DEVICE})
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1e-4f)).build())
            .addEvaluator(MeanIou.of(model, TinyRun.SCENES.classes()))
            .addTrainingListeners(TrainingListener.Defaults.basic());
    try (Model shell = Model.newInstance("shapes", StandInGpu.DEVICE, "PyTorch")) {
      shell.setBlock(model);
      try (Trainer trainer = shell.newTrainer(config)) {
        trainer.initialize(new Shape(1, 3, 32, 32));
        EasyTrain.fit(trainer, 1, records, records);
        assertTrue(Float.isFinite(trainer.getTrainingResult().getTrainLoss()));
      }
    }
    assertEquals(0, StandInGpu.allocated());
  }
}
