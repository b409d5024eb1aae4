package com.example;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.recipes.Settings;
import org.segtrain.train.Training;

/** Trains a model on generated scenes, then finds the classes of a photograph. */
public final class TrainsAndPredicts {

  private TrainsAndPredicts() {}

  public static void main(String[] arguments) throws Exception {
    Path run = Path.of("runs/shapes");
    train(DatasetVariant.SHAPES.open(""), 2200, run);
    CategoryMask mask = predict(run, Path.of("photo.jpg"));
    System.out.println("top left: " + mask.getClasses().get(mask.getMask()[0][0]));
  }

  public static void train(Dataset data, int steps, Path run) {
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.SHAPES)
            .with("schedule.iterations", steps)
            .config();
    Training.builder().setConfig(config).setDataset(data).setFolder(run).build().run();
  }

  public static CategoryMask predict(Path run, Path photograph) throws Exception {
    Image image = ImageFactory.getInstance().fromFile(photograph);
    try (TrainedModel trained = TrainedModel.load(run, Resources.usual(2));
        SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      return predictor.predict(image);
    }
  }
}
