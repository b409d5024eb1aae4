package com.example;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.djl.DjlDataset;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.recipes.Settings;
import org.segtrain.train.Progress;
import org.segtrain.train.Training;

/** A program of a user: segtrain's training, with a backbone and a DJL data set of its own. */
final class OurTrainingTakesOwnParts {

  private OurTrainingTakesOwnParts() {}

  static Dataset coins() {
    return DjlDataset.of("coins", List.of("table", "coin"), new Coins(0, 16), new Coins(16, 4));
  }

  static SegmentationModel model(Dataset data) {
    return SegmentationModel.builder()
        .setBackbone(new TwoStrides(16, 32, 64, 128))
        .setHead("fpn")
        .setClasses(data.classes().size())
        .build();
  }

  static Training.Summary train(Path folder, Progress progress) {
    Dataset coins = coins();
    TrainConfig config =
        Settings.ofOwnModel("two_strides", DatasetVariant.FOLDER)
            .with("schedule.iterations", 30)
            .with("schedule.evalEvery", 15)
            .with("data.crop", 48)
            .config();
    Training training =
        Training.builder()
            .optModel(model(coins))
            .setDataset(coins)
            .setConfig(config)
            .setFolder(folder)
            .optProgress(progress)
            .build();
    return training.run();
  }
}
