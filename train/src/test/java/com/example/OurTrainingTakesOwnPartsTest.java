package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.errors.DataException;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.Training;

final class OurTrainingTakesOwnPartsTest {

  @TempDir static Path folder;

  private static final List<Double> LOSSES = new ArrayList<>();
  private static final List<Long> EVALUATED = new ArrayList<>();
  private static Training.Summary summary;

  @BeforeAll
  static void train() {
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            LOSSES.add(step.loss());
          }

          @Override
          public void evaluated(EvaluationReport evaluation) {
            EVALUATED.add(evaluation.step());
          }
        };
    summary = OurTrainingTakesOwnParts.train(folder, progress);
  }

  @Test
  void theModelLearns() {
    assertEquals(30, LOSSES.size());
    assertTrue(LOSSES.get(29) < 0.7 * LOSSES.get(0), LOSSES::toString);
    assertTrue(summary.bestMeanIou() > 0.6, summary::toString); // table everywhere has about 0.36
    assertEquals(List.of(15L, 30L), EVALUATED);
  }

  @Test
  void itsRunSaysWhoseModelItIs() {
    assertEquals("two_strides", new RunFolder(folder).saved().model().backbone());
    Resources resources = Resources.start("cpu", 1, 1);
    var refused =
        assertThrows(DataException.class, () -> TrainedModel.load(folder, resources).close());
    assertTrue(refused.getMessage().contains("\"two_strides\""), refused::getMessage);
  }
}
