package org.segtrain.onnx;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;
import org.segtrain.errors.DataException;
import org.segtrain.onnx.internal.OnnxRuntime;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Samples;

class OnnxTest {

  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
  private final NDArray weight = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
  private final NDArray x = manager.create(new float[] {1, -1}, new Shape(1, 2));

  @TempDir Path folder;

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void whatIsWrittenRunsUnderTheNamesGiven() throws Exception {
    Path file = folder.resolve("model.onnx");
    Onnx.of(linear())
        .input("image", "batch", "2")
        .output("scores", "batch", "classes")
        .metadata(Map.of("classes", "road\nsky"))
        .write(file);
    try (OnnxRuntime runtime = new OnnxRuntime(Files.readAllBytes(file))) {
      assertArrayEquals(new float[] {-1, -1}, runtime.run(new NDList(x)).get(0).toFloatArray());
      assertEquals(List.of("image"), List.copyOf(runtime.session().getInputNames()));
      assertEquals("road\nsky", runtime.session().getMetadata().getCustomMetadata().get("classes"));
      TensorInfo input = (TensorInfo) runtime.session().getInputInfo().get("image").getInfo();
      assertArrayEquals(new String[] {"batch", ""}, input.getDimensionNames());
      assertArrayEquals(new long[] {-1, 2}, input.getShape());
      TensorInfo output = (TensorInfo) runtime.session().getOutputInfo().get("scores").getInfo();
      assertEquals("batch", output.getDimensionNames()[0]);
    }
    assertEquals(List.of(file), files());
  }

  @Test
  void anArrayThatIsReadTwiceIsInTheFileOnceAndOneThatIsNotReadIsNotInIt() {
    Expr product = call("torch.matmul($0, $1)", new Expr.Parameter("fc.weight"), parameter());
    Graph graph = graph(product, DataType.FLOAT32, 2, Map.of("fc.weight", weight, "unread", x));
    ModelProto model = Onnx.of(graph).model();
    assertEquals(
        List.of("fc.weight"),
        model.getGraph().getInitializerList().stream().map(TensorProto::getName).toList());
  }

  @Test
  void weightsOfLinearLayersAreInTheFileTransposedForToolsThatQuantise() throws Exception {
    ModelProto model = Onnx.of(linear()).model();
    assertEquals(
        List.of("MatMul", "Identity"),
        model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList());
    TensorProto array = model.getGraph().getInitializer(0);
    assertEquals("fc.weight.transposed", array.getName());
    float[] rows = new float[4];
    array.getRawData().asReadOnlyByteBuffer().order(LITTLE_ENDIAN).asFloatBuffer().get(rows);
    assertArrayEquals(new float[] {1, 3, 2, 4}, rows);
    assertArrayEquals(new float[] {-1, -1}, run(model, x));
  }

  @Test
  void aWeightThatIsComputedIsTransposedAsTheFileRuns() throws Exception {
    Expr twice = call("torch.add($0, $0)", parameter());
    Expr product = call("torch.linear($0, $1, None)", input(), twice);
    ModelProto model =
        Onnx.of(graph(product, DataType.FLOAT32, 2, Map.of("fc.weight", weight))).model();
    assertArrayEquals(new float[] {-2, -2}, run(model, x));
  }

  private static float[] run(ModelProto model, NDArray input) throws Exception {
    try (OnnxRuntime runtime = new OnnxRuntime(model.toByteArray())) {
      return runtime.run(new NDList(input)).get(0).toFloatArray();
    }
  }

  @Test
  void whatTheOutputDoesNotNeedMayBeAnything() {
    Graph.Statement strange =
        new Graph.Statement(call("torch.fft_fft2($0)", input()), DataType.FLOAT32, 2, "");
    Graph graph = graph(call("torch.relu($0)", input()), DataType.FLOAT32, 2, Map.of());
    List<Graph.Statement> statements =
        List.of(graph.statements().get(0), strange, graph.statements().get(1));
    Graph longer =
        new Graph(1, statements, List.of(new Expr.Var(2)), Map.of(), Map.of(), List.of());
    assertEquals("Relu", Onnx.of(longer).model().getGraph().getNode(0).getOpType());
  }

  @Test
  void anOperationThatIsNotKnownIsRefusedByItsNameAndBlock() {
    assertEquals(
        "torch.fft_fft2 in head.attn cannot be written as ONNX: no nodes are known that compute the"
            + " same; replace it, or write TorchScript",
        refused(call("torch.relu(torch.fft_fft2($0))", input())));
    assertEquals(
        "torch.dropout in head.attn cannot be written as ONNX: it draws random numbers; record the"
            + " model for inference; replace it, or write TorchScript",
        refused(call("torch.dropout($0, 0.5, True)", input())));
  }

  @Test
  void whatDjlComputesInFloat64OnlyBecauseOfANumberIsOfThatTypeInTheFile() throws Exception {
    Block block = new LambdaBlock(list -> new NDList(list.head().mean().mul(0.5)));
    Graph graph = Recordings.of(block, Samples.ofShapes(new Shape(-1, 2)));
    NDArray array = manager.create(new float[] {1, 2}, new Shape(1, 2));
    NDArray expected = block.forward(null, new NDList(array), false).singletonOrThrow();
    try (OnnxRuntime runtime = new OnnxRuntime(Onnx.of(graph).model().toByteArray())) {
      assertEquals(expected, runtime.run(new NDList(array)).singletonOrThrow());
    }
    assertEquals(DataType.FLOAT64, expected.getDataType());
  }

  @Test
  void anInputOfATypeThatCannotBePassedIsRefused() throws Exception {
    try (OnnxRuntime runtime = new OnnxRuntime(Onnx.of(linear()).model().toByteArray())) {
      NDList half = new NDList(x.toType(DataType.FLOAT16, true));
      assertEquals(
          "an input of type float16 cannot be passed to ONNX Runtime; convert it to float32",
          assertThrows(IllegalArgumentException.class, () -> runtime.run(half)).getMessage());
    }
  }

  @Test
  void anOperationThatGivesAnotherKindOfElementsThanWasRecordedIsRefused() {
    Onnx onnx = Onnx.of(graph(call("torch.relu($0)", input()), DataType.INT64, 2, Map.of()));
    assertEquals(
        "torch.relu in head.attn cannot be written as ONNX: it would be float32 with 2 axes, but"
            + " was int64 with 2 when it was recorded; replace it, or write TorchScript",
        assertThrows(IllegalArgumentException.class, onnx::model).getMessage());
  }

  /** Runtimes would compute with the damaged weight. */
  @Test
  void aFileWithAnyDamagedByteIsRefused() throws IOException {
    Path file = folder.resolve("model.onnx");
    Onnx.of(linear()).metadata(Map.of("classes", "road\nsky")).write(file);
    Onnx.requireWhole(file);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length - 20; i++) { // behind are the name of the sum, and the sum
      byte[] bytes = whole.clone();
      bytes[i] ^= 4;
      Files.write(file, bytes);
      String message =
          assertThrows(DataException.class, () -> Onnx.requireWhole(file)).getMessage();
      assertTrue(message.startsWith(file + " is damaged: it has the checksum "), message);
    }
    Files.write(file, Onnx.of(linear()).model().toByteArray());
    Onnx.requireWhole(file); // as files of other programs have none
  }

  @Test
  void aFileThatIsNotAcceptedLeavesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "old");
    Onnx onnx = Onnx.of(linear());
    assertThrows(
        IllegalStateException.class,
        () ->
            onnx.write(
                file,
                draft -> {
                  throw new IllegalStateException(draft + " differs");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void aFileThatCannotBeWrittenIsReported() {
    Path file = folder.resolve("missing").resolve("model.onnx");
    Onnx onnx = Onnx.of(linear());
    String message = assertThrows(DataException.class, () -> onnx.write(file)).getMessage();
    assertEquals(
        "cannot write %s: there is no folder %s, so make it first"
            .formatted(file, file.getParent()),
        message);
  }

  private Graph linear() {
    Expr product = call("torch.linear($0, $1, None)", input(), parameter());
    return graph(product, DataType.FLOAT32, 2, Map.of("fc.weight", weight));
  }

  private static Expr input() {
    return new Expr.Var(0);
  }

  private static Expr parameter() {
    return new Expr.Parameter("fc.weight");
  }

  private static Expr call(String template, Expr... arguments) {
    return new Expr.Call(template, List.of(arguments));
  }

  private static Graph graph(Expr value, DataType type, int rank, Map<String, NDArray> parameters) {
    return new Graph(
        1,
        List.of(
            new Graph.Statement(null, DataType.FLOAT32, 2, ""),
            new Graph.Statement(value, type, rank, "head.attn")),
        List.of(new Expr.Var(1)),
        parameters,
        Map.of(),
        List.of());
  }

  private static String refused(Expr value) {
    Onnx onnx = Onnx.of(graph(value, DataType.FLOAT32, 2, Map.of()));
    return assertThrows(IllegalArgumentException.class, onnx::model).getMessage();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
