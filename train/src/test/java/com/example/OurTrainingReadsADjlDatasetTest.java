package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.djl.DjlDataset;
import org.segtrain.inference.TrainedModel;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.RunFolder;
import org.segtrain.train.TinyRuns;

final class OurTrainingReadsADjlDatasetTest {

  @TempDir Path folder;

  @Test
  void meanIouRisesAboveChance() {
    Dataset coins =
        DjlDataset.of("coins", List.of("table", "coin"), new Coins(0, 16), new Coins(16, 4));
    TrainConfig config =
        TinyRuns.config(
            "{\"iterations\": 30, \"accumulate\": 1, \"batch\": 4, \"evalEvery\": 30, \"crop\": 48,"
                + " \"photometric\": false, \"dropPath\": 0}");
    RunFolder run = TinyRuns.run(config, coins, 2, folder);
    try (TrainedModel trained = TrainedModel.load(run.dir(), TinyRuns.oneThread(1))) {
      assertEquals(List.of("table", "coin"), trained.classes());
      Metrics metrics = trained.evaluate(coins, Split.VALIDATION);
      assertTrue(metrics.meanIou() > 0.6, metrics.toString()); // table everywhere has about 0.36
    }
  }
}
