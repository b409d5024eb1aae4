package com.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;

@Tag("slow")
final class DjlTrainsOurModelTest {

  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void theLossFallsAndMeanIouRisesAboveChance() throws IOException, TranslateException {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    Map<String, Float> evaluations = DjlTrainsOurModel.train(3).getEvaluations();
    double loss = evaluations.get("train_loss");
    double meanIou = evaluations.get("validate_mIoU");
    assertTrue(loss < 0.85 * Math.log(12), evaluations + " but a guess has " + Math.log(12));
    assertTrue(meanIou > 1.5 * chance(), evaluations + " but a guess has " + chance());
  }

  /** The mIoU of the commonest class everywhere: that of this class, and 0 of the eleven others. */
  private static double chance() {
    ShapesDataset shapes = new ShapesDataset();
    int[] counts = new int[256];
    int all = 0;
    for (int i = 0; i < 8; i++) {
      for (byte label : shapes.read(Split.VALIDATION, i).labels()) {
        counts[Byte.toUnsignedInt(label)]++;
        all++;
      }
    }
    return Arrays.stream(counts, 0, 12).max().orElseThrow() / (12.0 * all);
  }
}
