package example;

import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ShapesDataset;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Settings;
import org.segtrain.train.Training;

/** A program of somebody else that trains a model with segtrain. */
public final class Trains {

  private Trains() {}

  /** Trains three steps into {@code folder} and says how many were made. */
  public static long train(Path folder) {
    TrainConfig config =
        Settings.of(BackboneVariant.HRFORMER_TINY, HeadVariant.FPN, DatasetVariant.SHAPES)
            .with("schedule.iterations", 3)
            .with("schedule.batch", 2)
            .with("data.crop", 64)
            .with("run.threads", 1)
            .config();
    return Training.builder()
        .setConfig(config)
        .setDataset(new ShapesDataset(64, 4, 2))
        .setFolder(folder)
        .build()
        .run()
        .step();
  }
}
