package org.segtrain.torchscript;

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
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.Aten;
import org.segtrain.engine.internal.Graph;
import org.segtrain.errors.DataException;

final class TorchScriptTest {

  /** Those of a caller who only says which axes vary, for what depends on the sizes drawn. */
  private static final Samples MAPS = Samples.ofShapes(new Shape(-1, 4, -1, -1));

  private static final Samples SMALL = SmallMaps.of(4);

  @TempDir Path folder;
  private NDManager manager;
  private Path file;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
    file = folder.resolve("block.pt");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private String entry(String name) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("model/" + name)).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Convolution, batch norm, ReLU, with statistics as training leaves them. */
  private TinyBlock convNorm() {
    Conv2d conv = Conv2d.builder().setFilters(6).setKernelShape(new Shape(3, 3)).build();
    TinyBlock block =
        TinyBlock.of(c -> c.through("bn", c.through("conv", c.x())).maximum(0))
            .with("conv", conv)
            .with("bn", BatchNorm.builder().build());
    conv.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 9, 9));
    block.getChildren().get("02bn").initialize(manager, DataType.FLOAT32, new Shape(1, 6, 7, 7));
    for (var parameter : block.getChildren().get("02bn").getParameters().values()) {
      parameter.getArray().addi(manager.create(new float[] {.1f, .7f, .2f, .9f, .4f, .3f}));
    }
    return block;
  }

  @Test
  void severalInputsAndOutputs() {
    TinyBlock block =
        TinyBlock.ofMany(
            c -> {
              NDArray y = c.inputs().get(1);
              return new NDList(c.x().add(y), c.x().matMul(y.swapAxes(2, 3)), c.x());
            });
    Samples two = Samples.ofShapes(new Shape(-1, 4, -1, -1), new Shape(-1, 4, -1, -1));
    assertEquals(0, TorchScript.of(block, two).write(file).difference(), 1e-4);
  }

  @Test
  void theCallersOwnArrays() {
    NDArray table = manager.arange(20f).reshape(10, 2);
    TinyBlock block =
        TinyBlock.of(c -> Aten.rows(c.parameter("table"), c.x())).with("table", table);
    List<NDList> recorded =
        Stream.of(3, 7, 5).map(n -> new NDList(manager.arange(0, n, 1, DataType.INT64))).toList();
    List<NDList> unseen = List.of(new NDList(manager.create(new long[] {9, 0, 1, 1})));
    Report report = TorchScript.of(block, Samples.of(recorded, unseen)).write(file);
    assertEquals(0, report.difference());
    assertFalse(recorded.get(0).head().isReleased());
  }

  @Test
  void parametersOfEveryType() throws IOException {
    TinyBlock block =
        TinyBlock.of(
                c ->
                    c.x()
                        .add(c.parameter("a").toType(DataType.FLOAT32, false))
                        .add(c.parameter("b").toType(DataType.FLOAT32, false))
                        .add(c.parameter("c").toType(DataType.FLOAT32, false))
                        .add(c.parameter("scalar")))
            .with("a", manager.create(new double[] {0.5}))
            .with("b", manager.create(new long[] {3}))
            .with("c", manager.create(new int[] {-2}))
            .with("scalar", manager.create(0.25f));
    assertEquals(0, TorchScript.of(block, SMALL).write(file).difference());
    assertTrue(entry("code/__torch__.py").contains("__buffers__ = [\"b\", \"c\", ]"));
  }

  @Test
  void inBfloat16AreAllParametersButThoseOfBatchNorms() throws IOException {
    Block block =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(3).setKernelShape(new Shape(1, 1)).build())
            .add(BatchNorm.builder().build())
            .add(LayerNorm.builder().axis(1, 2, 3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 9, 9));
    Shape seen = new Shape(1, 3, 9, 9);
    Samples samples = Samples.ofShapes(List.of(seen), List.of(seen));
    TorchScript.of(block, samples).inBfloat16().write(file);
    long shift = 2 * 3; // of the convolution
    long weight = 2 * 9;
    long exact = 4 * 3; // scale, shift, mean and variance of the batch norm
    long scale = 2 * 3 * 81; // and shift of the layer norm
    assertEquals(List.of(shift, exact, exact, exact, exact, weight, scale, scale), sizes());
  }

  /** Bytes of the stored arrays, the smallest first. */
  private List<Long> sizes() throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream()
          .filter(entry -> entry.getName().startsWith("model/data/"))
          .map(ZipEntry::getSize)
          .sorted()
          .toList();
    }
  }

  @Test
  void anArrayOfTwoNamesIsStoredOnce() {
    NDArray shared = manager.ones(new Shape(4, 1, 1));
    TinyBlock twice =
        TinyBlock.of(c -> c.x().add(c.parameter("one")).mul(c.parameter("two")))
            .with("one", shared)
            .with("two", shared);
    Graph graph = Recordings.of(twice, SMALL);
    assertEquals(List.of("one"), List.copyOf(graph.parameters().keySet()));
    assertEquals("one", graph.repeats().get("two"));
    TorchScript.of(twice, SMALL).write(file);
    assertEquals(1, entries("model/data/").size());
  }

  private List<String> entries(String prefix) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().map(ZipEntry::getName).filter(name -> name.startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void textsLieBesideTheProgram() throws IOException {
    TorchScript.of(convNorm(), SMALL).withFile("classes.txt", "wall\nsky\n").write(file);
    assertEquals("wall\nsky\n", entry("extra/classes.txt"));
  }

  @Test
  void equalBlocksGiveEqualBytesAlignedTo64() throws IOException {
    TinyBlock block = convNorm();
    TorchScript.of(block, SMALL).write(file);
    byte[] first = Files.readAllBytes(file);
    TorchScript.of(block, SMALL).write(file);
    byte[] second = Files.readAllBytes(file);
    assertArrayEquals(first, second);
    int headers = 0;
    for (int i = 0; i + 30 < first.length; i++) {
      if (first[i] == 'P' && first[i + 1] == 'K' && first[i + 2] == 3 && first[i + 3] == 4) {
        int start = i + 30 + first[i + 26] + (first[i + 28] & 0xff) + (first[i + 29] << 8);
        assertEquals(0, start % 64);
        headers++;
      }
    }
    assertEquals(entries("model/").size(), headers);
  }

  @Test
  void anOptimisedProgramHasNoBatchNormAndFoldedWeights() throws IOException {
    TinyBlock block = convNorm();
    Report report = TorchScript.of(block, SMALL).optimized().write(file);
    assertEquals(0, report.difference(), 1e-5);
    String code = entry("code/__torch__.py");
    assertFalse(code.contains("batch_norm") || code.contains("runningMean"), code);
    assertTrue(code.contains("self.conv.weight, self.conv.bias"), code);
  }

  /** As in HRViT: B H W C -> B C H W for the norm. */
  @Test
  void aBatchNormBehindALinearLayerIsFolded() throws IOException {
    Linear linear = Linear.builder().setUnits(6).build();
    linear.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    TinyBlock block =
        TinyBlock.of(
                c -> {
                  NDArray y = c.through("linear", c.x().transpose(0, 2, 3, 1));
                  return c.through("bn", y.transpose(0, 3, 1, 2));
                })
            .with("linear", linear)
            .with("bn", convNorm().getChildren().get("02bn"));
    assertEquals(0, TorchScript.of(block, SMALL).optimized().write(file).difference(), 1e-5);
    assertFalse(entry("code/__torch__.py").contains("batch_norm"));
  }

  @Test
  void aConvolutionThatOthersReadTooIsNotFolded() {
    TinyBlock block = convNorm();
    TinyBlock both =
        TinyBlock.of(
                c -> {
                  NDArray y = c.through("conv", c.x());
                  return c.through("bn", y).add(y);
                })
            .with("conv", block.getChildren().get("01conv"))
            .with("bn", block.getChildren().get("02bn"));
    assertEquals(0, TorchScript.of(both, SMALL).optimized().write(file).difference());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoBatchNormsInARowAreFolded(boolean bias) throws IOException {
    Conv2d conv =
        Conv2d.builder().setFilters(6).setKernelShape(new Shape(3, 3)).optBias(bias).build();
    TinyBlock norms = convNorm();
    Block norm = norms.getChildren().get("02bn");
    TinyBlock block =
        TinyBlock.of(c -> c.through("second", c.through("first", c.through("conv", c.x()))))
            .with("conv", conv)
            .with("first", norm)
            .with("second", convNorm().getChildren().get("02bn"));
    conv.initialize(manager, DataType.FLOAT32, new Shape(1, 4, 9, 9));
    assertEquals(0, TorchScript.of(block, SMALL).optimized().write(file).difference(), 1e-5);
    assertFalse(entry("code/__torch__.py").contains("batch_norm"));
  }

  @Test
  void aSquareThatIsTreatedOtherwiseIsFoundByTheCheck() {
    TinyBlock block = TinyBlock.of(c -> Aten.scaled(c.x(), c.x().size(2) == c.x().size(3) ? 2 : 3));
    assertThrows(IllegalStateException.class, () -> TorchScript.of(block, MAPS).write(file));
  }

  @Test
  void aConvolutionWhoseWeightIsComputedIsNotFolded() throws IOException {
    TinyBlock block = convNorm();
    TinyBlock scaled =
        TinyBlock.of(
                c -> {
                  NDArray weight = c.parameter("kernel").mul(2);
                  return c.through("bn", Conv2d.conv2d(c.x(), weight).head());
                })
            .with("kernel", manager.ones(new Shape(6, 4, 3, 3)))
            .with("bn", block.getChildren().get("02bn"));
    assertEquals(0, TorchScript.of(scaled, SMALL).optimized().write(file).difference());
    assertTrue(entry("code/__torch__.py").contains("batch_norm"));
  }

  @Test
  void aBiasThatOthersReadTooIsNotFolded() throws IOException {
    NDArray bias = manager.ones(new Shape(6));
    TinyBlock block =
        TinyBlock.of(
                c -> {
                  NDArray y =
                      Conv2d.conv2d(c.x(), c.parameter("kernel"), c.parameter("bias")).head();
                  return c.through("bn", y).add(c.parameter("bias").reshape(6, 1, 1));
                })
            .with("kernel", manager.ones(new Shape(6, 4, 3, 3)))
            .with("bias", bias)
            .with("bn", convNorm().getChildren().get("02bn"));
    assertEquals(0, TorchScript.of(block, SMALL).optimized().write(file).difference());
    assertTrue(entry("code/__torch__.py").contains("batch_norm"));
  }

  @Test
  void smallNumbersAreCheckedBesideLargeOnes() {
    TinyBlock block =
        TinyBlock.ofMany(
            c ->
                new NDList(
                    Aten.scaled(c.x(), 1e7),
                    Aten.scaled(c.x(), c.x().size(2) == 36 ? 2e-3 : 3e-3)));
    assertThrows(IllegalStateException.class, () -> TorchScript.of(block, MAPS).write(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch.add_($1, $0)", "torch.mul_(torch.reshape($1, [-1]), 2)"})
  void whatChangesAnArrayInPlaceStaysThoughNothingReadsItsValue(String change) {
    TinyBlock block =
        TinyBlock.of(
            c -> {
              NDArray y = c.x().add(1);
              Aten.call(change, c.x(), y);
              return y;
            });
    assertEquals(0, TorchScript.of(block, SMALL).optimized().write(file).difference());
  }

  @Test
  void aCapThatNoRecordingReachesIsFoundByTheCheck() {
    TinyBlock block =
        TinyBlock.of(c -> c.x().get(":, :, :{}", Math.min(c.x().size(2), 500)).add(1));
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> TorchScript.of(block, MAPS).write(file));
    assertTrue(failure.getMessage().startsWith("the exported file gives [("), failure.getMessage());
    assertTrue(
        failure.getMessage().endsWith("so the block branches on the size of its input"),
        failure.getMessage());
  }

  @Test
  void namesThatPythonReserves() {
    TinyBlock block =
        TinyBlock.of(c -> c.x().add(c.parameter("global")).add(c.through("in", c.x())))
            .with("global", manager.ones(new Shape(1)))
            .with(
                "in",
                TinyBlock.of(c -> c.x().mul(c.parameter("lambda")))
                    .with("lambda", manager.ones(new Shape(1)).mul(3)));
    assertEquals(0, TorchScript.of(block, SMALL).write(file).difference());
  }

  @Test
  void layersOfOneClassAreNumberedAsInPyTorch() throws IOException {
    SequentialBlock layers =
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    layers.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    Samples rows = Samples.ofShapes(new Shape(-1, 4));
    assertEquals(0, TorchScript.of(layers, rows).write(file).difference());
    String code = entry("code/__torch__.py");
    assertTrue(code.contains("getattr(self, \"2\").weight"), code);
  }

  @Test
  void unusedParametersAreLeftOutWhenAsked() throws IOException {
    TinyBlock block =
        TinyBlock.of(c -> c.x().add(c.parameter("used")))
            .with("used", manager.ones(new Shape(1)))
            .with("unused", manager.ones(new Shape(1)));
    TorchScript.of(block, SMALL).write(file);
    assertTrue(entry("code/__torch__.py").contains("unused : Tensor"));
    TorchScript.of(block, SMALL).withoutUnused().write(file);
    assertFalse(entry("code/__torch__.py").contains("unused : Tensor"));
  }

  @Test
  void aProgramThatIsWrongAtOtherSizesIsNotPublished() throws IOException {
    Files.writeString(file, "old");
    TinyBlock block = TinyBlock.of(c -> Aten.scaled(c.x(), c.x().size(2) == 36 ? 2 : 3));
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> TorchScript.of(block, MAPS).write(file));
    assertTrue(failure.getMessage().contains("not recorded"), failure.getMessage());
    assertEquals("old", Files.readString(file));
    assertOnlyTheOldFileIsThere();
  }

  private void assertOnlyTheOldFileIsThere() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void aRefusedBlockLeavesNothingBehind() throws IOException {
    Files.writeString(file, "old");
    TinyBlock block = TinyBlock.of(c -> c.x().isNaN());
    assertThrows(IllegalArgumentException.class, () -> TorchScript.of(block, SMALL).write(file));
    assertOnlyTheOldFileIsThere();
  }

  @Test
  void aFolderThatIsNotThere() {
    Path nowhere = folder.resolve("none").resolve("block.pt");
    DataException failure =
        assertThrows(DataException.class, () -> TorchScript.of(convNorm(), SMALL).write(nowhere));
    assertTrue(failure.getMessage().endsWith("so make it first"), failure.getMessage());
  }
}
