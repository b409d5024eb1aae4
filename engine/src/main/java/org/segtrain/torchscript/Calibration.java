package org.segtrain.torchscript;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/** The ranges of arrays, which a program computes for photographs. */
final class Calibration {

  private static final String STACK = "torch.stack($0)";

  private Calibration() {}

  /**
   * The range of each of {@code places}, statements of {@code graph}: the means of the extremes in
   * each input, which leave rare outliers aside.
   *
   * @param file for the program, deleted afterwards
   * @param inputs at least one
   */
  static Map<Integer, Range> of(
      Forward forward,
      Graph graph,
      List<Integer> places,
      Path file,
      List<Function<NDManager, NDList>> inputs)
      throws IOException {
    Graph extremes =
        new Graph(
            graph.inputs(),
            graph.statements(),
            List.of(all("torch.min($0)", places), all("torch.max($0)", places)),
            graph.parameters(),
            graph.repeats(),
            graph.learned());
    new Script(forward, extremes, Map.of(), Map.of()).write(file);
    double[] least = new double[places.size()];
    double[] largest = new double[places.size()];
    try (LoadedScript script = LoadedScript.of(file, forward.device());
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager(forward.device())) {
      for (Function<NDManager, NDList> input : inputs) {
        try (NDManager scope = manager.newSubManager()) {
          NDList found = script.run(input.apply(scope));
          add(least, found.get(0), inputs.size());
          add(largest, found.get(1), inputs.size());
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
    Map<Integer, Range> ranges = new HashMap<>();
    for (int i = 0; i < places.size(); i++) {
      ranges.put(places.get(i), new Range(least[i], largest[i]));
    }
    return ranges;
  }

  private static Expr all(String template, List<Integer> places) {
    List<Expr> items = new ArrayList<>();
    places.forEach(place -> items.add(Exprs.call(template, new Expr.Var(place))));
    return Exprs.call(STACK, new Expr.Items(items));
  }

  private static void add(double[] sums, NDArray values, int count) {
    float[] each = values.toFloatArray();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += each[i] / count;
    }
  }
}
