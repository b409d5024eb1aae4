package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.internal.Batch;
import org.segtrain.loss.LossMean;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.PixelWeight;

final class StepBatchesTest {

  private static final int CROP = 32;
  private static final ClassWeights EQUAL = ClassWeights.equal(3);

  @ParameterizedTest
  @CsvSource({
    "all,ce,1,0",
    "all,ohem,2,0",
    "valid,ohem,1,0",
    "valid,ohem,2,3",
    "valid,dice+lovasz,1,0",
    "valid,dice+focal,1,3",
    "valid,ce,1,3"
  })
  void batchesAreReadWhenTheirTurnComesUnlessTheirLabelsAreCounted(
      String mean, String terms, int scores, int readBefore) {
    TrainConfig config =
        TinyRuns.CONFIG
            .with("schedule.batch", 2)
            .with("schedule.accumulate", 3)
            .with("data.crop", CROP)
            .with("loss.terms", terms)
            .with("loss.auxiliary", "ce")
            .with("loss.mean", mean);
    List<Batch> read = new ArrayList<>();
    StepBatches batches =
        StepBatches.of(
            TinyRuns.passes(3),
            config,
            scores,
            EQUAL,
            () -> {
              read.add(TinyData.batch(CROP, read.size(), read.size() + 1));
              return read.get(read.size() - 1);
            });
    assertEquals(readBefore, read.size());
    List<Batch> given = new ArrayList<>();
    for (int i = 0; i < batches.passes().count(); i++) {
      given.add(batches.next().get());
      assertEquals(Math.max(readBefore, i + 1), read.size());
    }
    assertEquals(read, given);
    if (readBefore > 0 || mean.equals("all")) {
      assertEquals(
          PixelWeight.of(
              read.stream()
                  .mapToDouble(batch -> PixelWeight.total(LossMean.of(mean), batch, EQUAL))
                  .toArray()),
          batches.pixelWeight());
    }
  }
}
