package org.segtrain.backbones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A backbone is a block of DJL like any other: its containers, trainer and predictor take it. */
class DjlUserTest {

  private static final int SIDE = 64;

  @Test
  void djlTrainsAndPredicts() throws IOException, TranslateException {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("images")) {
      manager.getEngine().setRandomSeed(1);
      NDArray images = manager.randomNormal(new Shape(4, 3, SIDE, SIDE));
      NDArray labels = manager.create(new float[] {0, 1, 2, 3});
      Dataset dataset = dataset(images, labels);

      // [start:readme]
      Block classifier =
          new SequentialBlock()
              .add(BackboneVariant.PVT_SMALL.build()) // four maps, finest first
              .add(maps -> new NDList(Pool.globalAvgPool2d(maps.get(3)))) // B 512
              .add(Linear.builder().setUnits(10).build());
      model.setBlock(classifier);
      Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()));
      trainer.initialize(new Shape(1, 3, SIDE, SIDE));
      EasyTrain.fit(trainer, 1, dataset, null);
      // [end:readme]

      trainer.close();
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null))) {
        NDArray scores = predictor.predict(new NDList(images)).singletonOrThrow();
        assertEquals(new Shape(4, 10), scores.getShape());
      }
    }
  }

  @Test
  void djlsTrainerLearns() throws IOException, TranslateException {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("images")) {
      manager.getEngine().setRandomSeed(1);
      NDArray images = manager.randomNormal(new Shape(4, 3, SIDE, SIDE));
      Dataset dataset = dataset(images, manager.create(new float[] {0, 1, 2, 3}));
      model.setBlock(
          new SequentialBlock()
              .add(BackboneVariant.PVT_TINY.config().build(0))
              .add(maps -> new NDList(Pool.globalAvgPool2d(maps.get(3))))
              .add(Linear.builder().setUnits(4).build()));
      var config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(3e-4f)).build());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 3, SIDE, SIDE));
        EasyTrain.fit(trainer, 10, dataset, null);
        NDArray scores = trainer.evaluate(new NDList(images)).singletonOrThrow();
        float loss =
            Loss.softmaxCrossEntropyLoss()
                .evaluate(new NDList(manager.create(new float[] {0, 1, 2, 3})), new NDList(scores))
                .getFloat();
        assertTrue(loss < 0.7, () -> "of ln 4 = 1.39 the loss is still " + loss);
      }
    }
  }

  private static Dataset dataset(NDArray images, NDArray labels) {
    return new ArrayDataset.Builder()
        .setData(images)
        .optLabels(labels)
        .setSampling(4, false)
        .build();
  }
}
