package com.example;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.DatasetVariant;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Split;
import org.segtrain.djl.MeanIou;
import org.segtrain.djl.SegmentationCrossEntropy;
import org.segtrain.djl.SegmentationDataset;
import org.segtrain.heads.SegmentationModel;

/** A program of a user of DJL: DJL's own trainer, with a model, data, loss and mIoU of segtrain. */
final class DjlTrainsOurModel {

  private DjlTrainsOurModel() {}

  static TrainingResult train(int epochs) throws IOException, TranslateException {
    Dataset shapes = DatasetVariant.of("shapes").open("");
    Preparation crops = ImageRules.ALIGNED.training(64, 1, 1, false);
    RandomAccessDataset training = records(shapes, Split.TRAINING).optPreparation(crops).build();
    RandomAccessDataset validation = records(shapes, Split.VALIDATION).build();
    var model =
        SegmentationModel.builder()
            .setBackbone("pvt_tiny")
            .setHead("fpn")
            .setClasses(12)
            .optDropPath(0)
            .optDropout(0)
            .build();
    var config =
        new DefaultTrainingConfig(SegmentationCrossEntropy.of(model))
            .optOptimizer(Adam.builder().optLearningRateTracker(Tracker.fixed(6e-4f)).build())
            .addEvaluator(MeanIou.of(model, shapes.classes()))
            .addTrainingListeners(TrainingListener.Defaults.basic());
    try (Model shell = Model.newInstance("shapes", "PyTorch")) {
      shell.setBlock(model);
      try (Trainer trainer = shell.newTrainer(config)) {
        trainer.initialize(new Shape(1, 3, 64, 64));
        EasyTrain.fit(trainer, epochs, training.subDataset(0, 40), validation.subDataset(0, 8));
        return trainer.getTrainingResult();
      }
    }
  }

  private static SegmentationDataset.Builder records(Dataset dataset, Split split) {
    return SegmentationDataset.builder().setData(dataset, split).setSampling(4, true);
  }
}
