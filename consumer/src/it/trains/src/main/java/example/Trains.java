package example;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ShapesDataset;
import org.segtrain.inference.Resources;
import org.segtrain.train.RunFolder;
import org.segtrain.train.Training;

/** A program of somebody else that trains a model with segtrain. */
public final class Trains {

  private static final String CONFIG =
      """
      {"backbone": "%s", "head": "fpn", "dataset": "shapes", "data": null,
       "iterations": 3, "batch": 2, "accumulate": 1, "crop": 64,
       "minScale": 1, "maxScale": 1, "photometric": false,
       "learningRate": 6e-4, "warmup": 1, "weightDecay": 0.01, "clip": 1,
       "dropPath": 0, "dropout": 0, "classBalance": 0, "precision": "fp32", "seed": 0,
       "evalEvery": 3, "groups": {"decay": "matrices", "rules": []}}
      """;

  private Trains() {}

  /** Trains three steps into {@code folder} and says how many were made. */
  public static long train(Path folder) throws JsonProcessingException {
    TrainConfig config = TrainConfig.read(CONFIG.formatted(BackboneVariant.HRFORMER_TINY));
    ShapesDataset scenes = new ShapesDataset(64, 4, 2);
    Resources resources = Resources.start("cpu", 1, 1);
    PrintWriter out = new PrintWriter(System.out, true);
    return new Training(config, scenes, resources, RunFolder.create(folder), out, false)
        .run()
        .step();
  }
}
