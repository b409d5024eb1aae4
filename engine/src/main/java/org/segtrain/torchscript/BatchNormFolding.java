package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/**
 * Lets convolutions and linear layers do the work of the batch norms that follow them: in inference
 * both are affine. The folded weights and biases have the names of the layer.
 */
final class BatchNormFolding {

  private static final String CONVOLUTION = "torch.conv2d($1, $2, $3, $4, $5, $6, $7)";
  private static final String LINEAR = "torch.linear($1, $2, $3)";
  private static final String PERMUTE = "torch.permute($0, $1)";
  private static final Expr CHANNELS_FIRST = Arguments.expr(new Shape(0, 3, 1, 2));
  private static final String BATCH_NORM =
      "torch.batch_norm($0, $1, $2, $3, $4, self.training, $5, $6, True)";
  private static final int WEIGHT = 2; // places among the arguments of both layers
  private static final int BIAS = 3;
  private static final int EPSILON = 6; // among those of a batch norm

  private final NDManager manager;
  private final List<Graph.Statement> statements;
  private final Map<String, NDArray> parameters;
  private final List<String> learned;
  private final Map<Expr, Integer> uses = new HashMap<>();

  private BatchNormFolding(Graph graph, NDManager manager) {
    this.manager = manager;
    this.statements = new ArrayList<>(graph.statements());
    this.parameters = new LinkedHashMap<>(graph.parameters());
    this.learned = new ArrayList<>(graph.learned());
    Stream.concat(statements.stream().map(Graph.Statement::value), graph.outputs().stream())
        .filter(Objects::nonNull)
        .flatMap(expr -> Exprs.parts(expr).distinct())
        .forEach(part -> uses.merge(part, 1, Integer::sum));
  }

  /**
   * The program with batch norms folded. Each of these alone reads the output of a layer whose
   * weights nothing else reads.
   *
   * @param manager gets the folded arrays
   */
  static Graph fold(Graph graph, NDManager manager) {
    BatchNormFolding folding = new BatchNormFolding(graph, manager);
    for (int i = 0; i < folding.statements.size(); i++) {
      folding.fold(i);
    }
    return new Graph(
        graph.inputs(),
        folding.statements,
        graph.outputs(),
        folding.parameters,
        graph.repeats(),
        folding.learned);
  }

  private void fold(int place) {
    Graph.Statement statement = statements.get(place);
    if (!(statement.value() instanceof Expr.Call norm)
        || !norm.template().equals(BATCH_NORM)
        || !(norm.arguments().get(0) instanceof Expr.Var read)
        || uses.get(read) > 1) {
      return;
    }
    Expr.Var output = beforePermutation(read);
    boolean permuted = !output.equals(read);
    if (!(statements.get(output.id()).value() instanceof Expr.Call layer)
        || !layer.template().equals(permuted ? LINEAR : CONVOLUTION)
        || !isFoldable(layer.arguments(), norm.arguments())) {
      return;
    }
    List<Expr> arguments = new ArrayList<>(layer.arguments());
    arguments.set(BIAS, foldArrays(arguments, norm.arguments()));
    Expr folded = new Expr.Call(layer.template(), arguments);
    if (permuted) {
      replace(output.id(), folded, output.id());
      replace(place, statements.get(read.id()).value(), read.id());
    } else {
      replace(place, folded, read.id());
    }
  }

  /** What a linear layer gives to {@code read}, a permutation that puts channels before sides. */
  private Expr.Var beforePermutation(Expr.Var read) {
    return statements.get(read.id()).value() instanceof Expr.Call call
            && call.template().equals(PERMUTE)
            && call.arguments().get(1).equals(CHANNELS_FIRST)
            && call.arguments().get(0) instanceof Expr.Var output
            && uses.get(output) == 1
        ? output
        : read;
  }

  /** Gives a statement another value, which the block of {@code origin} computes. */
  private void replace(int place, Expr value, int origin) {
    Graph.Statement old = statements.get(place);
    statements.set(
        place,
        new Graph.Statement(value, old.type(), old.dimensions(), statements.get(origin).block()));
  }

  /** Whether all arrays are parameters, those of the layer nobody else's. */
  private boolean isFoldable(List<Expr> layer, List<Expr> norm) {
    Expr bias = layer.get(BIAS);
    return isOwn(layer.get(WEIGHT))
        && norm.subList(1, EPSILON - 1).stream().allMatch(Expr.Parameter.class::isInstance)
        && (bias instanceof Expr.None
            ? !parameters.containsKey(biasOf(layer).name())
            : isOwn(bias));
  }

  private boolean isOwn(Expr expr) {
    return expr instanceof Expr.Parameter && uses.get(expr) == 1;
  }

  /** Replaces the arrays of the layer, and returns its bias. */
  private Expr foldArrays(List<Expr> layer, List<Expr> norm) {
    Expr.Parameter weight = (Expr.Parameter) layer.get(WEIGHT);
    try (NDManager scope = manager.newSubManager()) {
      double epsilon = ((Expr.Real) norm.get(EPSILON)).value();
      NDArray scale = exact(scope, norm.get(1)).div(exact(scope, norm.get(4)).add(epsilon).sqrt());
      NDArray mean = exact(scope, norm.get(3));
      NDArray bias =
          layer.get(BIAS) instanceof Expr.None ? mean.mul(0) : exact(scope, layer.get(BIAS));
      NDArray shift = bias.sub(mean).mul(scale).add(exact(scope, norm.get(2)));
      NDArray kernels = exact(scope, weight);
      long[] perKernel = new long[kernels.getShape().dimension()];
      Arrays.fill(perKernel, 1);
      perKernel[0] = -1;
      DataType type = parameters.get(weight.name()).getDataType();
      put(weight, kernels.mul(scale.reshape(new Shape(perKernel))), type);
      Expr.Parameter name = biasOf(layer);
      put(name, shift, type);
      uses.put(name, 1);
      return name;
    }
  }

  private static Expr.Parameter biasOf(List<Expr> layer) {
    String weight = ((Expr.Parameter) layer.get(WEIGHT)).name();
    return layer.get(BIAS) instanceof Expr.Parameter own
        ? own
        : new Expr.Parameter(weight.substring(0, weight.lastIndexOf('.') + 1) + "bias");
  }

  private void put(Expr.Parameter name, NDArray value, DataType type) {
    NDArray array = value.toType(type, true);
    array.attach(manager);
    parameters.put(name.name(), array);
    if (!learned.contains(name.name())) {
      learned.add(name.name());
    }
  }

  /** A parameter in float64. */
  private NDArray exact(NDManager scope, Expr parameter) {
    NDArray exact =
        parameters.get(((Expr.Parameter) parameter).name()).toType(DataType.FLOAT64, true);
    exact.attach(scope);
    return exact;
  }
}
