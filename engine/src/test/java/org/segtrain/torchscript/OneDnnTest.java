package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Files whose layers oneDNN computes. PyTorch for other processors may lack the operations. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class OneDnnTest {

  private static final int CHANNELS = 16;
  private static final Samples MAPS = SmallMaps.of(CHANNELS);

  @TempDir Path folder;
  private NDManager manager;
  private Path file;

  @BeforeEach
  void open() {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    file = folder.resolve("block.pt");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Convolution and ReLU, then two linear layers with GELU beside a skip: B 16 H W -> B H W 16. */
  private TinyBlock network() {
    Conv2d conv =
        Conv2d.builder()
            .setFilters(CHANNELS)
            .setKernelShape(new Shape(3, 3))
            .optPadding(new Shape(1, 1))
            .build();
    Linear wide = Linear.builder().setUnits(48).build();
    Linear narrow = Linear.builder().setUnits(CHANNELS).build();
    TinyBlock block =
        TinyBlock.of(
                c -> {
                  NDArray map = Activation.relu(c.through("conv", c.x())).transpose(0, 2, 3, 1);
                  NDArray hidden = Activation.gelu(c.through("wide", map));
                  return map.add(c.through("narrow", hidden));
                })
            .with("conv", conv)
            .with("wide", wide)
            .with("narrow", narrow);
    conv.initialize(manager, DataType.FLOAT32, new Shape(1, CHANNELS, 9, 9));
    wide.initialize(manager, DataType.FLOAT32, new Shape(1, CHANNELS));
    narrow.initialize(manager, DataType.FLOAT32, new Shape(1, 48));
    return block;
  }

  private List<Function<NDManager, NDList>> typical() {
    return List.of(m -> new NDList(m.randomNormal(0, 1, maps(2, 40, 30), DataType.FLOAT32)));
  }

  private static Shape maps(int batch, int height, int width) {
    return new Shape(batch, CHANNELS, height, width);
  }

  private String code() throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] code = zip.getInputStream(zip.getEntry("model/code/__torch__.py")).readAllBytes();
      return new String(code, StandardCharsets.UTF_8);
    }
  }

  private NDArray run(NDArray x) {
    try (LoadedScript script = LoadedScript.of(file, Device.cpu())) {
      return script.run(new NDList(x)).singletonOrThrow();
    }
  }

  @Test
  void activationsAndTheSumAreComputedByTheLayersBeforeThem() throws IOException {
    Report report = TorchScript.of(network(), MAPS).forCpu().write(file);
    assertEquals(0, report.difference(), 1e-5);
    String code = code();
    String forward = code.substring(code.indexOf("def _part"));
    assertFalse(forward.matches("(?s).*torch\\.(relu|gelu|add|linear|conv2d)\\(.*"), forward);
    assertTrue(forward.contains("\"relu\""), forward);
    assertTrue(
        forward.contains(
            "self.wide.weight.packed, self.wide.bias, self.narrow.weight.packed, self.narrow.bias"),
        forward);
  }

  @Test
  void bfloat16LayersAreFusedToo() throws IOException {
    TorchScript.of(network(), MAPS).forCpu().inBfloat16().write(file);
    assertTrue(code().contains("mkldnn._linear_pointwise"));
  }

  /** Arrays of so many images would not fit the caches. */
  @Test
  void imagesOfABatchBeyondTheLimitGiveTheSame() {
    TinyBlock block = network();
    TorchScript.of(block, MAPS).forCpu().write(file);
    NDArray x = manager.randomNormal(0, 1, maps(5, 130, 140), DataType.FLOAT32);
    assertTrue(x.size() / 5 * 2 < 786432 && x.size() > 786432);
    NDArray wanted =
        new Forward(block, false)
            .run(new Forward(block, false).parameters(manager), new NDList(x))
            .singletonOrThrow();
    NDArray found = run(x);
    assertEquals(wanted.getShape(), found.getShape());
    assertTrue(found.sub(wanted).abs().max().getFloat() < 1e-5);
  }

  /** The hidden array has 48 of 300 x 310 elements, beyond 16 MB. */
  @Test
  void anImageWithALargeHiddenArrayGivesTheSame() {
    TinyBlock block = network();
    TorchScript.of(block, MAPS).forCpu().write(file);
    NDArray x = manager.randomNormal(0, 1, maps(1, 300, 310), DataType.FLOAT32);
    Forward forward = new Forward(block, false);
    NDArray wanted = forward.run(forward.parameters(manager), new NDList(x)).singletonOrThrow();
    NDArray found = run(x);
    assertEquals(wanted.getShape(), found.getShape());
    assertTrue(found.sub(wanted).abs().max().getFloat() < 1e-5);
  }

  @Test
  void aBatchOfSeveralOutputsIsJoinedToo() {
    TinyBlock block =
        TinyBlock.ofMany(c -> new NDList(c.through("one", c.x()), c.x().mul(2)))
            .with("one", network());
    TorchScript.of(block, MAPS).forCpu().write(file);
    NDArray x = manager.randomNormal(0, 1, maps(5, 130, 140), DataType.FLOAT32);
    try (LoadedScript script = LoadedScript.of(file, Device.cpu())) {
      NDList found = script.run(new NDList(x));
      assertEquals(new Shape(5, 130, 140, CHANNELS), found.get(0).getShape());
      assertEquals(x.mul(2), found.get(1));
    }
  }

  @Test
  void aLayerOfWhichMoreIsReadThanItsActivationKeepsItsOutput() throws IOException {
    TinyBlock inner = network();
    TinyBlock block =
        TinyBlock.of(
                c -> {
                  NDArray y = c.through("conv", c.x());
                  return Activation.relu(y).add(y);
                })
            .with("conv", inner.getChildren().get("01conv"));
    assertEquals(0, TorchScript.of(block, MAPS).forCpu().write(file).difference(), 1e-5);
    assertTrue(code().contains("torch.relu("), code());
  }

  @Test
  void aWeightOfTwoLayersIsNotPacked() throws IOException {
    Linear linear = (Linear) network().getChildren().get("02wide");
    Linear square = Linear.builder().setUnits(CHANNELS).build();
    square.initialize(manager, DataType.FLOAT32, new Shape(1, CHANNELS));
    TinyBlock block =
        TinyBlock.of(
                c -> {
                  NDArray map = c.x().transpose(0, 2, 3, 1);
                  return c.through("wide", c.through("square", c.through("square", map)));
                })
            .with("square", square)
            .with("wide", linear);
    assertEquals(0, TorchScript.of(block, MAPS).forCpu().write(file).difference(), 1e-5);
    assertTrue(code().contains("torch.linear("), code());
    assertTrue(code().contains("self.wide.weight.packed"), code());
  }

  @Test
  void int8LayersReadBytesOfEachOtherAndStayNear() throws IOException {
    TinyBlock block = network();
    TorchScript.of(block, MAPS).forCpu().write(file);
    long exact = Files.size(file);
    TorchScript.of(block, MAPS).inInt8(typical()).write(file);
    assertTrue(Files.size(file) < exact);
    String code = code();
    assertEquals(2, code.split("quantize_per_tensor", -1).length - 1, code); // x and the map
    assertTrue(code.contains("qconv2d_pointwise") && code.contains("\"add\""), code);
    NDArray x = manager.randomNormal(0, 1, maps(1, 40, 30), DataType.FLOAT32);
    Forward forward = new Forward(block, false);
    NDArray wanted = forward.run(forward.parameters(manager), new NDList(x)).singletonOrThrow();
    float difference = run(x).sub(wanted).abs().mean().getFloat();
    float spread = wanted.abs().mean().getFloat();
    assertTrue(difference > 0 && difference < 0.05 * spread, difference + " of " + spread);
  }
}
