package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.ReplacedParameters;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.nn.Chain;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.LayerPlan;
import org.segtrain.nn.Pass;
import org.segtrain.nn.Recompute;
import org.segtrain.nn.UnaryBlock;

/** Layers that are computed again give the gradients of those that are kept. */
class RecomputeTest {

  private static final int SIDE = 64;

  /** Gradients by name, and the statistics of batch norms afterwards. */
  private record Outcome(Map<String, float[]> gradients, Map<String, float[]> statistics) {}

  @ParameterizedTest
  @CsvSource({
    "pvt_tiny, fpn",
    "shunted_tiny, upernet",
    "mpvit_tiny, upernet",
    "hrvit_b1, segformer",
    "hrformer_tiny, ocr"
  })
  void gradientsAreTheSameToTheLastBit(String backbone, String head) {
    assertSame(backbone, head);
  }

  @Test
  void inBfloat16() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SegmentationModel model = model(manager, "pvt_tiny", "fpn");
      Outcome kept = step(manager, model, LayerPlan.none(), Precision.BF16);
      Outcome again = step(manager, model, LayerPlan.of(model), Precision.BF16);
      assertSame(kept.gradients(), again.gradients());
    }
  }

  /** Frozen parts, averages, accumulation and a resumed run go with it. */
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void aRunEndsWithTheSameWeights(@TempDir Path dir) throws IOException {
    TrainConfig kept =
        TinyRuns.CONFIG
            .with("schedule.iterations", 3)
            .with("schedule.accumulate", 2)
            .with("fineTuning.freeze", List.of("^backbone\\.(patch_embed1|block1)\\."))
            .with("fineTuning.ema", 0.9);
    RunFolder plain = TinyRuns.run(kept, TinyData.STANDARD, 1, dir.resolve("kept"));
    TrainConfig again = kept.with("run.recompute", true);
    RunFolder recomputed = TinyRuns.run(again, TinyData.STANDARD, 1, dir.resolve("again"));
    assertArrayEquals(arrays(plain.last()), arrays(recomputed.last()));
  }

  /** Norms outside of layers keep their statistics while those of layers are restored. */
  @Test
  void aRunWithBatchNormsEndsWithTheSameWeights(@TempDir Path dir) throws IOException {
    TrainConfig kept =
        TinyRuns.CONFIG.with("model.backbone", "hrformer_tiny").with("schedule.iterations", 2);
    RunFolder plain = TinyRuns.run(kept, TinyData.STANDARD, 1, dir.resolve("kept"));
    TrainConfig again = kept.with("run.recompute", true);
    RunFolder recomputed = TinyRuns.run(again, TinyData.STANDARD, 1, dir.resolve("again"));
    assertArrayEquals(arrays(plain.last()), arrays(recomputed.last()));
  }

  /** What stands behind the header, which holds the configuration. */
  private static byte[] arrays(Path safetensors) throws IOException {
    byte[] file = Files.readAllBytes(safetensors);
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(file, Long.BYTES + header, file.length);
  }

  @Test
  void aLayerWithRandomNumbersOfItsOwnIsRefused() {
    assertRefused(
        Chain.ofLayers(List.of(new Weighted(), new Guessing())),
        "a layer (Guessing) gives another result when it is recomputed");
  }

  @Test
  void whatIsReadAroundALayerTooIsRefused() {
    assertRefused(new Detour(), "the model reads the inputs of its layers in other places too");
  }

  @Test
  void aModelWithoutLayersIsRefused() {
    TrainConfig config = TinyRuns.CONFIG.with("run.recompute", true);
    Block own = new Weighted();
    UsageException refused = assertThrows(UsageException.class, () -> config.recomputed(own));
    assertEquals(
        "run.recompute is true, but pvt_tiny declares no layers; leave it false",
        refused.getMessage());
  }

  private static void assertRefused(Block own, String message) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      own.initialize(manager, DataType.FLOAT32, new Shape(2, 3, SIDE, SIDE));
      LayerPlan plan = LayerPlan.of(own);
      UsageException refused =
          assertThrows(UsageException.class, () -> step(manager, own, plan, Precision.FP32));
      assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    }
  }

  private static class Weighted extends UnaryBlock {
    private final Conv2d conv = conv("conv", Convolution.pointwise(3, 3));

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return pass.through(conv, x);
    }
  }

  private static final class Guessing extends UnaryBlock {
    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return pass.training() ? Aten.dropout(x, 0.5) : x;
    }
  }

  /** A layer, and a way around it for what it reads. */
  private static final class Detour extends UnaryBlock {
    private final Weighted before = child("before", new Weighted());
    private final Weighted layer = layer("layer", new Weighted());

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      NDArray map = pass.through(before, x).tanh();
      return pass.through(layer, map).add(map);
    }
  }

  private static void assertSame(String backbone, String head) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SegmentationModel model = model(manager, backbone, head);
      Map<String, float[]> before = statistics(model);
      Outcome kept = step(manager, model, LayerPlan.none(), Precision.FP32);
      set(model, before);
      LayerPlan plan = LayerPlan.of(model);
      assertFalse(plan.isEmpty());
      Outcome again = step(manager, model, plan, Precision.FP32);
      assertSame(kept.gradients(), again.gradients());
      assertSame(kept.statistics(), again.statistics());
    }
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
  }

  private static SegmentationModel model(NDManager manager, String backbone, String head) {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(5)
            .optDropPath(0.4f)
            .optDropout(0.2f)
            .build();
    model.initialize(manager, DataType.FLOAT32, new Shape(2, 3, SIDE, SIDE));
    return model;
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private static Outcome step(NDManager manager, Block model, LayerPlan plan, Precision precision) {
    try (NDManager scope = manager.newSubManager();
        Autograd on = Autograd.on()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray image = scope.randomNormal(new Shape(2, 3, SIDE, SIDE));
      NDArray read = precision == Precision.BF16 ? Aten.toBfloat16(image) : image;
      ReplacedParameters store = Segmenter.parameters(model, precision, scope);
      Recompute pass = new Recompute(scope, plan, store);
      NDList scores = model.forward(pass, new NDList(read), true);
      List<NDArray> outputs = scores.stream().map(Aten::toFloat32).toList();
      List<NDArray> seeds = outputs.stream().map(one -> one.stopGradient().sin()).toList();
      List<String> names = new ArrayList<>();
      List<NDArray> weights = new ArrayList<>();
      StateDict.of(model)
          .forEach(
              (name, parameter) -> {
                if (parameter.requiresGradient()) {
                  names.add(name);
                  weights.add(parameter.getArray());
                }
              });
      List<NDArray> found = store.exact(pass.gradients(outputs, seeds, store.leaves(weights)));
      Map<String, float[]> gradients = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        gradients.put(names.get(i), found.get(i).toFloatArray());
      }
      return new Outcome(gradients, statistics(model));
    }
  }

  private static Map<String, float[]> statistics(Block model) {
    Map<String, float[]> statistics = new LinkedHashMap<>();
    StateDict.of(model)
        .forEach(
            (name, parameter) -> {
              if (!parameter.requiresGradient()) {
                try (NDArray exact = parameter.getArray().toType(DataType.FLOAT32, true)) {
                  statistics.put(name, exact.toFloatArray());
                }
              }
            });
    return statistics;
  }

  private static void set(Block model, Map<String, float[]> statistics) {
    Map<String, Parameter> parameters = StateDict.of(model);
    statistics.forEach(
        (name, values) -> {
          NDArray own = parameters.get(name).getArray();
          try (NDArray copy = own.getManager().create(values, own.getShape());
              NDArray typed = copy.toType(own.getDataType(), true)) {
            typed.copyTo(own);
          }
        });
  }
}
