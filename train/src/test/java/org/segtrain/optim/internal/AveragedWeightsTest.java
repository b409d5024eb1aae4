package org.segtrain.optim.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.TrainedModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.optim.FineTuning;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

final class AveragedWeightsTest {

  private static final String BIAS = "decode_head.conv_seg.bias";

  private static final TrainConfig CONFIG =
      TinyRuns.tuned(
          TinyRuns.CONFIG, new FineTuning(List.of("^backbone\\.block1\\."), 0.8, 0.6, List.of()));

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void equalsAPlainLoop() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    Map<String, Parameter> parameters = StateDict.of(model);
    AveragedWeights averaged = new AveragedWeights(manager, parameters, 0.3);
    Map<String, NDArray> averages = averaged.arrays("");
    Map<String, double[]> expected = new LinkedHashMap<>();
    averages.forEach((name, average) -> expected.put(name, doubles(average)));
    for (int step = 1; step <= 5; step++) {
      double kept = Math.min(0.3, (1.0 + step) / (10.0 + step)); // 0.18, 0.25, 0.3, ...
      for (String name : averages.keySet()) {
        NDArray weight = parameters.get(name).getArray();
        weight.muli(0.9f).addi(0.01f * step);
        double[] now = doubles(weight);
        double[] average = expected.get(name);
        for (int i = 0; i < now.length; i++) {
          average[i] = kept * average[i] + (1 - kept) * now[i];
        }
      }
      averaged.update(step);
    }
    expected.forEach(
        (name, average) -> assertArrayEquals(average, doubles(averages.get(name)), 1e-6, name));
  }

  @Test
  void holdsWhatChangesAndNothingElse() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    Freezing.apply(CONFIG.fineTuning(), model);
    var names = new AveragedWeights(manager, StateDict.of(model), 0.9).arrays("").keySet();
    assertTrue(names.contains("backbone.block2.0.attn.q.weight"));
    assertTrue(names.contains("decode_head.scale_heads.0.0.bn.running_var"));
    assertFalse(names.contains("decode_head.scale_heads.0.0.bn.num_batches_tracked"));
    assertFalse(names.contains("backbone.block1.0.attn.q.weight"));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void evaluationsUseTheAverage(Precision precision) {
    TrainConfig config = TinyRuns.config("{\"precision\": \"%s\"}".formatted(precision));
    SegmentationModel model = TinyRuns.build(config, 3, manager);
    AveragedWeights averaged = new AveragedWeights(manager, StateDict.of(model), 0.9);
    averaged.arrays("").get(BIAS).addi(manager.create(new float[] {0, 0, 1000}));
    StateDict.of(model).get(BIAS).getArray().addi(manager.create(new float[] {0, 1000, 0}));
    Picture picture = TinyData.picture("a", 32, 32, 1).picture();
    try (Segmenter own = new Segmenter(manager, Network.of(model), config);
        Segmenter other = new Segmenter(manager, Network.of(model), config, averaged)) {
      assertEquals(1, own.segment(picture)[0]);
      assertEquals(2, other.segment(picture)[0]);
    }
  }

  @Tag("slow")
  @Test
  void aRunKeepsItAndGoesOnToTheSameBits(@TempDir Path folder) throws IOException {
    RunFolder whole = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder.resolve("whole"));
    Path dir = folder.resolve("stopped");
    assertTrue(TinyRuns.runUntilEvaluated(CONFIG, TinyData.STANDARD, 1, dir).stopped());
    RunFolder resumed = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, dir);
    assertEquals(-1, Files.mismatch(whole.last(), resumed.last()));
    assertEquals(-1, Files.mismatch(whole.best(), resumed.best()));
  }

  @Test
  void theBestCheckpointHoldsTheAverageAndSaysSo(@TempDir Path dir) {
    TrainConfig once =
        TinyRuns.config(
            """
            {"iterations": 2, "accumulate": 1, "evalEvery": 2, "fineTuning": {"ema": 0.6}}
            """);
    RunFolder run = TinyRuns.run(once, TinyData.STANDARD, 1, dir);
    Map<String, NDArray> trained = zeros("model.", BIAS);
    Map<String, NDArray> average = zeros("average.", BIAS);
    Map<String, NDArray> best = zeros("model.", BIAS);
    try (Checkpoint last = Checkpoint.open(run.last());
        Checkpoint evaluated = Checkpoint.open(run.best())) {
      assertEquals("trained", last.string("weights"));
      assertEquals("averaged", evaluated.string("weights"));
      last.load(trained);
      last.load(average);
      evaluated.load(best);
      assertFalse(evaluated.has("average.") || evaluated.has("optimizer."));
    }
    NDArray expected = average.get("average." + BIAS);
    assertArrayEquals(expected.toFloatArray(), best.get("model." + BIAS).toFloatArray());
    assertNotEquals(expected, trained.get("model." + BIAS));
    Picture picture = TinyData.picture("a", 64, 64, 1).picture();
    try (TrainedModel one = TrainedModel.load(run.best(), TinyRuns.oneThread(1));
        TrainedModel two = TrainedModel.load(run.last(), TinyRuns.oneThread(1))) {
      assertArrayEquals(one.segment(picture), two.segment(picture));
    }
  }

  private Map<String, NDArray> zeros(String prefix, String name) {
    return Map.of(prefix + name, manager.zeros(new Shape(3)));
  }

  private static double[] doubles(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
