package org.segtrain.optim.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.LayerNames;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Factors;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.train.TinyRuns;

final class LayerDecayTest {

  private static final double RATE = 0.01;
  private static final Shape VECTOR = new Shape(1);
  private static final ParameterGroups GROUPS =
      new ParameterGroups(Decay.MATRICES, List.of(new Rule("^decode_head", 10, 1)));
  private static final TrainConfig CONFIG =
      TinyRuns.tuned(
          TinyRuns.CONFIG.with("optimizer.groups", GROUPS),
          new FineTuning(List.of(), 0.5, 0, List.of()));

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  /** The first step of AdamW against a gradient of ones is the learning rate. */
  @Test
  void theOptimiserStepsByTheRateOfEachLayer() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    Map<String, Parameter> parameters = StateDict.of(model);
    AdamW optimizer = new AdamW(manager, parameters, CONFIG.factors(model), 0);
    Map<String, float[]> before = learned(parameters);
    List<NDArray> ones = optimizer.weights().stream().map(w -> w.onesLike()).toList();
    optimizer.step(ones, RATE);
    Map<String, float[]> after = learned(parameters);
    before.forEach(
        (name, values) -> {
          double expected = RATE * factor(name);
          double tolerance = 1e-4 * expected + 1e-6 * Math.abs(values[0]);
          assertEquals(expected, values[0] - after.get(name)[0], tolerance, name);
        });
  }

  /** Of pvt_tiny, two layers in each of four stages. */
  private static double factor(String name) {
    if (name.startsWith("decode_head")) {
      return 10;
    } else if (name.startsWith("neck")) {
      return 1;
    }
    int layer = 0;
    if (!name.matches("backbone\\.(patch_embed1|pos_embed1).*")) {
      int stage = name.replaceAll("^backbone\\.\\D*(\\d).*", "$1").charAt(0) - '1';
      layer = 1 + 2 * stage + (name.matches("backbone\\.block\\d\\.1.*") ? 1 : 0);
    }
    return Math.pow(0.5, 9 - layer);
  }

  @Test
  void decayFollowsTheGroups() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    ParameterFactors factors = CONFIG.factors(model);
    Map<String, Parameter> parameters = StateDict.of(model);
    parameters.forEach(
        (name, parameter) -> {
          var shape = parameter.getShape();
          assertEquals(
              GROUPS.factors(name, shape).decay(), factors.factors(name, shape).decay(), name);
        });
  }

  @Test
  void withoutItTheGroupsAloneDecide() {
    TrainConfig config = TinyRuns.CONFIG.with("optimizer.groups", GROUPS);
    assertEquals(GROUPS, config.factors(TinyRuns.build(config, 3, manager)));
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void theStemOfEveryBackboneLearnsSlowest(BackboneVariant variant) {
    LayerNames layers = variant.build().layerNames();
    LayerDecay decay = new LayerDecay(ParameterGroups.STANDARD, 0.9, layers);
    Map<String, Double> rates = new LinkedHashMap<>();
    StateDict.of(variant.build())
        .keySet()
        .forEach(name -> rates.put(name, decay.factors("backbone." + name, VECTOR).learningRate()));
    double slowest = rates.values().iterator().next(); // the stem is declared first
    assertEquals(Math.pow(0.9, layers.count()), slowest, 1e-12);
    assertTrue(rates.values().stream().allMatch(rate -> rate >= slowest && rate < 1));
    assertTrue(rates.containsValue(0.9));
    assertEquals(new Factors(1, 0), decay.factors("neck.bias", VECTOR));
  }

  private static Map<String, float[]> learned(Map<String, Parameter> parameters) {
    Map<String, float[]> values = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient()) {
            values.put(name, parameter.getArray().toFloatArray());
          }
        });
    return values;
  }
}
