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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Batch;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.StateDict;
import org.segtrain.torchscript.Aten;
import org.segtrain.torchscript.Autograd;

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
    model = TrainedModel.build(FP32, 3, manager);
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
  @SuppressWarnings("try")
  void gradientsReachTheExactWeights() {
    AdamW optimizer = new AdamW(manager, parameters, FP32.groups(), 0);
    try (Autograd on = Autograd.on()) {
      NDArray images = new Inputs(Precision.BF16).images(manager, TinyData.batch(32, 1, 2));
      var store = new Bfloat16Parameters(model, manager);
      NDArray scores = model.forward(store, new NDList(images), true).head();
      NDArray sum = Aten.toFloat32(scores).square().sum();
      for (NDArray gradient : Autograd.gradients(sum, optimizer.weights())) {
        assertEquals(DataType.FLOAT32, gradient.getDataType());
      }
    }
  }

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

  private TrainingStep.Result step(TrainConfig config, List<Batch> batches) {
    AdamW optimizer = new AdamW(manager, parameters, config.groups(), 0);
    return new TrainingStep(config, model, optimizer, ClassWeights.equal(3))
        .make(manager, batches, 0, 1e-4);
  }
}
