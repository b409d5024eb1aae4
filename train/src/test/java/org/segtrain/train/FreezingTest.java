package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.config.TrainConfig;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.BlockObserver;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.TrainedModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.internal.AdamW;
import org.segtrain.optim.internal.AveragedWeights;
import org.segtrain.optim.internal.Freezing;
import org.segtrain.optim.internal.ParameterNames;

final class FreezingTest {

  private static final FineTuning TUNING =
      new FineTuning(List.of("^backbone\\.", "^decode_head\\.scale_heads\\.0\\."), 1, 0, List.of());

  private static final TrainConfig WITHOUT_DROPS =
      TinyRuns.CONFIG.with("model.dropPath", 0).with("model.dropout", 0);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final TrainConfig config = TinyRuns.tuned(TinyRuns.CONFIG, TUNING);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void whatIsFrozenKeepsEveryBitAndTheRestLearns() {
    SegmentationModel model = TinyRuns.build(config, 3, manager);
    Freezing freezing = Freezing.apply(TUNING, model);
    Map<String, float[]> before = values(model);
    step(config, model, 2);
    Map<String, float[]> after = values(model);
    int kept = 0;
    for (String name : before.keySet()) {
      if (TUNING.freezes(name)) {
        kept++;
        assertArrayEquals(before.get(name), after.get(name), name);
      } else {
        assertFalse(Arrays.equals(before.get(name), after.get(name)), name);
      }
    }
    int statistics = 2; // of the frozen batch norm
    assertEquals(kept, freezing.arrays() + statistics);
    assertTrue(before.keySet().contains("decode_head.scale_heads.0.0.bn.running_var"));
    String text = freezing.toString();
    assertTrue(
        text.matches(
            "froze \\d+ of \\d+ arrays, 13\\.0 of 17\\.0 M parameters, and the statistics of 1 batch norm"),
        text);
  }

  /** Even with a single image of 32 pixels, whose batch has no variance in the coarsest map. */
  @Test
  void frozenStatisticsNormaliseAndStayWhileTheRestLearns() {
    TrainConfig frozen =
        TinyRuns.CONFIG
            .with("fineTuning.freezeStatistics", true)
            .with("schedule.batch", 1)
            .with("fineTuning.ema", 0.5);
    SegmentationModel model = TinyRuns.build(frozen, 3, manager);
    Freezing freezing = Freezing.apply(frozen.fineTuning(), model);
    assertEquals(0, freezing.arrays());
    assertTrue(freezing.norms() > 1, freezing::toString);
    Map<String, float[]> before = values(model);
    step(frozen, model, 2);
    AveragedWeights average = new AveragedWeights(manager, StateDict.of(model), 0.5);
    average.update(1);
    Map<String, float[]> after = values(model);
    for (String name : before.keySet()) {
      boolean statistic = name.contains(".running_");
      assertEquals(statistic, Arrays.equals(before.get(name), after.get(name)), name);
      if (statistic) {
        assertArrayEquals(before.get(name), average.arrays("").get(name).toFloatArray(), name);
      }
    }
  }

  /** Layers that learn are fused in training, and round otherwise. */
  @Test
  void frozenStatisticsNormaliseInTrainingAsInInference() {
    TrainConfig frozen = WITHOUT_DROPS.with("fineTuning.freezeStatistics", true);
    SegmentationModel model = TinyRuns.build(frozen, 3, manager);
    float[] first = scores(model, false);
    assertThrows(AssertionError.class, () -> assertArrayEquals(first, scores(model, true), 1e-4f));
    Freezing.apply(frozen.fineTuning(), model);
    assertArrayEquals(scores(model, false), scores(model, true), 1e-5f);
  }

  /** To the last bit. */
  @ParameterizedTest
  @ValueSource(strings = {"pvt_tiny", "shunted_tiny", "hrvit_b1", "hrformer_tiny"})
  void aFrozenModelGivesInTrainingWhatItGivesInInference(String backbone) {
    FineTuning allButOne =
        new FineTuning(List.of("^(?!decode_head\\.conv_seg\\.bias$)"), 1, 0, List.of());
    TrainConfig frozen = TinyRuns.tuned(WITHOUT_DROPS.with("model.backbone", backbone), allButOne);
    SegmentationModel model = TinyRuns.build(frozen, 3, manager);
    Freezing freezing = Freezing.apply(allButOne, model);
    assertEquals(freezing.allArrays() - 1, freezing.arrays());
    assertArrayEquals(scores(model, false), scores(model, true));
  }

  private float[] scores(SegmentationModel model, boolean training) {
    NDList image = new NDList(manager.ones(new Shape(2, 3, 32, 32)));
    ParameterStore store = new ParameterStore(manager, false);
    return model.forward(store, image, training).head().toFloatArray();
  }

  /** Sees whether what blocks give has a gradient. */
  private static final class Tracked extends ParameterStore implements BlockObserver {
    private final List<Block> withGradient = new ArrayList<>();

    Tracked(NDManager manager) {
      super(manager, false);
    }

    @Override
    public void leave(Block block, NDList outputs) {
      if (Autograd.isRecorded(outputs.head())) {
        withGradient.add(block);
      }
    }
  }

  @Test
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  void nothingIsRecordedBeforeWhatLearns() {
    SegmentationModel model = TinyRuns.build(config, 3, manager);
    Freezing.apply(TUNING, model);
    List<Block> backbone = List.copyOf(StateDict.blocks(model.backbone()).values());
    try (NDManager scope = manager.newSubManager();
        Autograd on = Autograd.on()) {
      Tracked store = new Tracked(scope);
      NDArray image = scope.ones(new Shape(2, 3, 32, 32));
      assertTrue(Autograd.isRecorded(model.forward(store, new NDList(image), true).head()));
      assertFalse(store.withGradient.isEmpty());
      assertTrue(store.withGradient.stream().noneMatch(backbone::contains));
    }
  }

  @Tag("slow")
  @Test
  void aHeadOfWhichNothingLearnsAddsItsLossButNoGradient() {
    FineTuning all = new FineTuning(List.of("^backbone", "^auxiliary_head"), 1, 0, List.of());
    TrainConfig two = TinyRuns.tuned(TinyRuns.config("{\"head\": \"upernet\"}"), all);
    SegmentationModel model = TinyRuns.build(two, 3, manager);
    Freezing.apply(all, model);
    TrainingStep.Result result = step(two, model, 1);
    assertEquals(2, result.losses().size());
    assertTrue(result.losses().get(1) > 0 && result.gradientNorm() > 0, result::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ^bakbone\\.       | fineTuning.freeze ^bakbone\\. is found in none of the 195 names of parameters; near it are backbone, backbone.
          decode_hed       | near it are decode_head,
          running_mean     | fineTuning.freeze running_mean is found in none
          .                | fineTuning.freeze . freezes all 195 arrays, so that nothing learns; leave out some, for instance decode_head.
          """)
  void aPatternThatFreezesNothingOrAllIsRefused(String pattern, String sentence) {
    FineTuning tuning = new FineTuning(List.of(pattern), 1, 0, List.of());
    ParameterNames names = ParameterNames.of(TrainedModel.of(config, 3));
    String message =
        assertThrows(IllegalArgumentException.class, () -> names.check(tuning)).getMessage();
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void namesDoNotNeedTheArrays() {
    assertEquals(
        ParameterNames.of(TinyRuns.build(config, 3, manager)),
        ParameterNames.of(TrainedModel.of(config, 3)));
  }

  private TrainingStep.Result step(TrainConfig config, SegmentationModel model, int steps) {
    AdamW optimizer = new AdamW(manager, StateDict.of(model), config.factors(model), 0.01);
    TrainingStep step =
        new TrainingStep(
            manager,
            config,
            Network.of(model),
            optimizer,
            ClassWeights.equal(3),
            TinyRuns.passes(1));
    TrainingStep.Result result = null;
    for (int i = 0; i < steps; i++) {
      result = step.make(manager, List.of(TinyData.batch(32, 1, 2)), i, 0.01);
    }
    return result;
  }

  /** All but counts. */
  private static Map<String, float[]> values(SegmentationModel model) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : StateDict.of(model).entrySet()) {
      if (!entry.getKey().endsWith("num_batches_tracked")) {
        values.put(entry.getKey(), entry.getValue().getArray().toFloatArray());
      }
    }
    return values;
  }
}
