package org.segtrain.torchscript;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.segtrain.engine.Bfloat16;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;
import org.segtrain.errors.DataException;

/**
 * A program as a TorchScript file: modules that hold the arrays, and one flat {@code forward}.
 *
 * @param forward what was recorded
 * @param packings of weights, by their names; none for a file that runs on every device
 * @param files further texts that the file holds, by their names
 */
record Script(
    Forward forward, Graph graph, Map<String, Packing> packings, Map<String, String> files) {

  /** Of the form: PyTorch 1.12 or newer. */
  private static final String VERSION = "10\n";

  /** The empty tuple, in Python's pickle protocol 2. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  /** Zip archives that all versions read are smaller than 4 GB; this leaves room for headers. */
  private static final long LARGEST = (1L << 32) - (1L << 24);

  void write(Path file) throws IOException {
    ModuleTree modules = modules();
    String code = code(modules.classes());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Set<String> rounded = rounded();
    graph
        .parameters()
        .forEach((name, array) -> tensors.put(name, new Tensor(array, rounded.contains(name))));
    packings.forEach(
        (name, packing) ->
            packing
                .scale()
                .ifPresent(scale -> tensors.put(Packing.scaleOf(name), new Tensor(scale, false))));
    checkSize(tensors);
    Map<String, Integer> stored = new LinkedHashMap<>();
    Pickle pickle = new Pickle();
    modules.pickle(pickle, tensors, stored);
    try (ScriptArchive archive = new ScriptArchive(file)) {
      archive.put("data.pkl", pickle.finish());
      archive.put("code/__torch__.py", code);
      for (var entry : files.entrySet()) {
        archive.put("extra/" + entry.getKey(), entry.getValue());
      }
      for (var entry : stored.entrySet()) {
        archive.put("data/" + entry.getValue(), tensors.get(entry.getKey()).bytes());
      }
      archive.put("constants.pkl", NO_CONSTANTS);
      archive.put("byteorder", "little");
      archive.put("version", VERSION);
    }
  }

  /** The names of arrays that are stored as bfloat16. */
  private Set<String> rounded() {
    if (!forward.bfloat16()) {
      return Set.of();
    }
    Bfloat16 rule = Bfloat16.of(forward.block());
    Set<String> rounded = new HashSet<>(graph.parameters().keySet());
    StateDict.of(forward.block())
        .forEach(
            (name, parameter) -> {
              if (!rule.rounds(parameter, parameter.getArray(), Forward.FOR_GPU)) {
                rounded.remove(name);
              }
            });
    return rounded; // those that the block does not have are biases, into which norms were folded
  }

  private void checkSize(Map<String, Tensor> tensors) {
    long bytes = tensors.values().stream().mapToLong(Tensor::size).sum();
    if (bytes > LARGEST) {
      throw new DataException(
          "the arrays have %d MB, but a file holds %d at most; %s"
              .formatted(
                  bytes >> 20,
                  LARGEST >> 20,
                  forward.bfloat16() ? "choose a smaller model" : "export in bfloat16"));
    }
  }

  private ModuleTree modules() {
    ModuleTree modules = new ModuleTree();
    graph.parameters().keySet().forEach(name -> modules.add(name, leaf(name)));
    graph.repeats().forEach((again, name) -> modules.add(again, leaf(name)));
    StateDict.blocks(forward.block())
        .forEach((path, part) -> modules.name(path, part.getClass().getSimpleName()));
    return modules;
  }

  private ModuleTree.Leaf leaf(String name) {
    return new ModuleTree.Leaf(
        name, graph.learned().contains(name), Optional.ofNullable(packings.get(name)));
  }

  private String code(Map<String, String> classes) {
    StringBuilder code = new StringBuilder();
    classes.forEach(
        (name, body) -> code.append("class ").append(name).append("(Module):\n").append(body));
    String inputs =
        IntStream.range(0, graph.inputs()).mapToObj(i -> ", v" + i + ": Tensor").collect(joining());
    List<String> types = graph.outputs().stream().map(output -> "Tensor").toList();
    String result = tuple(types, "Tuple[", "]");
    if (graph.statements().stream().anyMatch(Script::isMlp)) {
      code.append(ChunkedMlp.CODE);
    }
    boolean byParts = !packings.isEmpty() && graph.inputs() == 1;
    if (byParts) {
      code.append(ImageParts.code(types.size(), result));
    }
    code.append(
        "  def %s(self: __torch__.Model%s) -> %s:\n"
            .formatted(byParts ? ImageParts.METHOD : "forward", inputs, result));
    for (int i = graph.inputs(); i < graph.statements().size(); i++) {
      Expr value = graph.statements().get(i).value();
      if (value != null) {
        code.append("    v").append(i).append(" = ").append(Code.of(value)).append('\n');
      }
    }
    List<String> outputs = graph.outputs().stream().map(Code::of).toList();
    return code.append("    return ").append(tuple(outputs, "(", ")")).append('\n').toString();
  }

  private static boolean isMlp(Graph.Statement statement) {
    return statement.value() instanceof Expr.Call call && call.template().equals(ChunkedMlp.CALL);
  }

  private static String tuple(List<String> items, String open, String close) {
    return items.size() == 1 ? items.get(0) : open + String.join(", ", items) + close;
  }
}
