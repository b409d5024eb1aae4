package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.Bfloat16Parameters;
import org.segtrain.inference.internal.Inputs;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.internal.AdamW;

final class Bfloat16ParametersTest {

  private static final TrainConfig FP32 = TinyRuns.config("{\"dropPath\": 0, \"dropout\": 0}");
  private static final TrainConfig BF16 =
      TinyRuns.config("{\"dropPath\": 0, \"dropout\": 0, \"precision\": \"bf16\"}");

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private SegmentationModel model;
  private Map<String, Parameter> parameters;

  @BeforeEach
  void build() {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    model = TinyRuns.build(FP32, 3, manager);
    parameters = StateDict.of(model);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void onlyWhatIsMultipliedIsRounded() {
    var store = new Bfloat16Parameters(model, manager);
    for (String rounded :
        List.of(
            "backbone.pos_embed1", "decode_head.conv_seg.weight", "decode_head.conv_seg.bias")) {
      NDArray value = store.getValue(parameters.get(rounded), Device.cpu(), true);
      assertNotEquals(DataType.FLOAT32, value.getDataType(), rounded);
      assertSame(value, store.getValue(parameters.get(rounded), Device.cpu(), true), rounded);
    }
    for (String exact :
        List.of(
            "backbone.block1.0.norm1.weight",
            "decode_head.scale_heads.0.0.bn.weight",
            "decode_head.scale_heads.0.0.bn.bias",
            "decode_head.scale_heads.0.0.bn.running_var")) {
      NDArray value = store.getValue(parameters.get(exact), Device.cpu(), true);
      assertEquals(DataType.FLOAT32, value.getDataType(), exact);
    }
  }

  @Test
  void aStoreLeavesNothingInTheModelsManager() {
    int before = manager.getManagedArrays().size();
    try (NDManager scope = manager.newSubManager()) {
      var store = new Bfloat16Parameters(model, scope);
      store.renew();
    }
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  @SuppressWarnings("try")
  void gradientsReachTheExactWeights() {
    AdamW optimizer = new AdamW(manager, parameters, FP32.optimizer().groups(), 0);
    try (Autograd on = Autograd.on()) {
      NDArray images =
          new Inputs(Precision.BF16, ImageRules.ALIGNED).images(manager, TinyData.batch(32, 1, 2));
      var store = new Bfloat16Parameters(model, manager);
      NDArray scores = model.forward(store, new NDList(images), true).head();
      NDArray sum = Aten.toFloat32(scores).square().sum();
      List<NDArray> weights = optimizer.weights();
      List<NDArray> gradients = store.exact(Autograd.gradients(sum, store.leaves(weights)));
      for (int i = 0; i < weights.size(); i++) {
        assertEquals(DataType.FLOAT32, gradients.get(i).getDataType());
        assertEquals(weights.get(i).getShape(), gradients.get(i).getShape());
      }
      assertTrue(ArrayLists.norm(gradients) > 0);
    }
  }

  @Tag("slow")
  @Test
  void lossAndGradientAreCloseToThoseOfFloat32() {
    List<Batch> batches = List.of(TinyData.batch(96, 1, 2)); // 18 values a channel
    TrainingStep.Result exact = step(FP32, batches);
    close();
    var second = new Bfloat16ParametersTest();
    second.build();
    TrainingStep.Result rounded = second.step(BF16, batches);
    second.close();
    assertEquals(exact.loss(), rounded.loss(), 0.01 * exact.loss());
    assertEquals(exact.gradientNorm(), rounded.gradientNorm(), 0.1 * exact.gradientNorm());
    assertTrue(exact.loss() != rounded.loss(), "nothing was rounded");
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  @SuppressWarnings("try")
  void everyHeadTrainsAndPredictsInIt(HeadVariant head) {
    TrainConfig config =
        TinyRuns.config("{\"precision\": \"bf16\", \"head\": \"%s\"}".formatted(head));
    model = TinyRuns.build(config, 3, manager);
    parameters = StateDict.of(model);
    List<Batch> batches = List.of(TinyData.batch(32, 1, 2));
    assertEquals(model.lossWeights().size(), step(config, batches).losses().size());
    try (Autograd off = Autograd.off()) {
      NDArray exact = scores(new ParameterStore(manager, false), Precision.FP32, batches.get(0));
      NDArray rounded =
          scores(new Bfloat16Parameters(model, manager), Precision.BF16, batches.get(0));
      double difference = rounded.sub(exact).norm().getFloat() / exact.norm().getFloat();
      assertTrue(difference > 0 && difference < 0.05, "relative " + difference);
    }
  }

  private NDArray scores(ParameterStore store, Precision precision, Batch batch) {
    NDArray images = new Inputs(precision, ImageRules.ALIGNED).images(manager, batch);
    return Aten.toFloat32(model.forward(store, new NDList(images), false).head());
  }

  private TrainingStep.Result step(TrainConfig config, List<Batch> batches) {
    AdamW optimizer = new AdamW(manager, parameters, config.optimizer().groups(), 0);
    return new TrainingStep(
            manager,
            config,
            Network.of(model),
            optimizer,
            ClassWeights.equal(3),
            TinyRuns.passes(batches.size()))
        .make(manager, batches, 0, 1e-4);
  }
}
