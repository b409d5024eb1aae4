package org.segtrain.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.Graph;

/** The whole content of a file: nodes, what goes in and comes out, and texts. */
final class Assembly {

  /**
   * The opset of December 2022, the oldest with all operations that are written here. Layer
   * normalisation came with 17, sizes along chosen axes and antialiasing of {@code Resize} with 18.
   * ONNX Runtime reads it since 1.14.
   */
  private static final int OPSET = 18;

  /** The version of the file's format that came with that set. */
  private static final int FORMAT = 8;

  /** The largest size of a file, bytes: protocol buffers count them in 31 bits. */
  private static final long LIMIT = Integer.MAX_VALUE;

  private static final String PRODUCER = "segtrain";

  /** The bytes of a file up to the end of its producer's name: two fields of two and ten. */
  static final int HEAD = 12;

  private Assembly() {}

  /**
   * The content of a file. The arrays in it are those of the block, not copies.
   *
   * @param inputs of the graph, the first of them at least; the others get names by number
   * @param outputs likewise
   */
  static ModelProto of(
      Graph graph, List<Port> inputs, List<Port> outputs, Map<String, String> texts) {
    Translation translation = new Translation(graph);
    Nodes nodes = translation.nodes();
    List<Tensor> in = new ArrayList<>();
    for (int i = 0; i < graph.inputs(); i++) {
      Graph.Statement input = graph.statements().get(i);
      Port port = port(inputs, i, "input", input.dimensions());
      nodes.graph().addInput(port.proto(input.type(), input.dimensions()));
      in.add(new Tensor(port.name(), input.type(), input.dimensions()));
    }
    List<Tensor> out = translation.translate(in);
    for (int i = 0; i < out.size(); i++) {
      Tensor output = out.get(i);
      Port port = port(outputs, i, "output", output.rank());
      nodes.graph().addOutput(port.proto(output.type(), output.rank()));
      nodes.node("Identity").in(output).called(port.name());
    }
    return model(nodes.graph().setName("segtrain"), texts);
  }

  private static Port port(List<Port> given, int i, String kind, int rank) {
    return i < given.size() ? given.get(i) : Port.of(kind + i, rank);
  }

  /** Whether a file that begins so has our name in its second field. */
  static boolean isOwn(byte[] head) {
    byte[] name = ModelProto.newBuilder().setProducerName(PRODUCER).build().toByteArray();
    return head.length == HEAD
        && Arrays.equals(head, HEAD - name.length, HEAD, name, 0, name.length);
  }

  private static ModelProto model(GraphProto.Builder graph, Map<String, String> texts) {
    long bytes =
        graph.getInitializerList().stream()
            .map(TensorProto::getRawData)
            .mapToLong(data -> data.size())
            .sum();
    if (bytes > LIMIT) {
      throw new IllegalArgumentException(
          "the arrays take %d MB, but an ONNX file holds %d MB at most; write TorchScript"
              .formatted(bytes >> 20, LIMIT >> 20));
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT)
            .setProducerName(PRODUCER)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph);
    texts.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }
}
