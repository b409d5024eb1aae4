package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Attention inside windows, with a learned bias for each relative position of query and key.
 * HRFormer (arXiv:2110.09408), figure 1 a.
 *
 * <p>{@code B·n N C -> B·n N C}, with N = side² tokens in each window, h heads of d = C/h channels.
 *
 * <p>Written out, because on a CPU PyTorch's fused attention does not learn the bias, and what it
 * does instead takes up to twice the time of these lines.
 */
final class WindowAttention extends UnaryBlock {

  private final int heads;
  private final int headDim;
  private final Parameter biases; // (2·side-1)² h
  private final Parameter index; // N N, rows of biases
  private final Linear k;
  private final Linear v;
  private final Linear q;
  private final Linear proj;

  WindowAttention(int dim, int heads, int side) {
    this.heads = heads;
    this.headDim = dim / heads;
    int tokens = side * side;
    long positions = 2L * side - 1; // of a query, seen from a key, along one axis
    this.biases = parameter("relative_position_bias_table", positions * positions, heads);
    this.index =
        constant("relative_position_index", relativePositions(side), new Shape(tokens, tokens));
    this.k = linearOfTorch("k_proj", dim, dim);
    this.v = linearOfTorch("v_proj", dim, dim);
    this.q = linearOfTorch("q_proj", dim, dim);
    this.proj = linearOfTorch("out_proj", dim, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B·n N C
    NDArray q = Layouts.splitHeads(pass.through(this.q, x), heads); // B·n h N d
    NDArray k = Layouts.splitHeads(pass.through(this.k, x), heads); // B·n h N d
    NDArray v = Layouts.splitHeads(pass.through(this.v, x), heads); // B·n h N d

    NDArray scores = q.matMul(k.swapAxes(2, 3)); // B·n h N N
    scores = Aten.addScaled(bias(pass, x), scores, 1 / Math.sqrt(headDim));
    NDArray mixed = Aten.softmax(scores, 3).matMul(v).swapAxes(1, 2); // B·n N h d
    return pass.through(proj, mixed.reshape(x.getShape()));
  }

  /** What is added to the scores of each query and key: {@code 1 h N N}. */
  private NDArray bias(Pass pass, NDArray x) {
    NDArray rows = pass.value(index, x).flatten(); // N·N
    NDArray bias = Aten.rows(pass.value(biases, x), rows); // N·N h
    return bias.transpose(1, 0).reshape(1, heads, x.size(1), x.size(1));
  }

  /** The number of each query's position relative to each key, counted row by row. */
  private static long[] relativePositions(int side) {
    int tokens = side * side;
    long[] numbers = new long[tokens * tokens];
    for (int i = 0; i < numbers.length; i++) {
      int query = i / tokens;
      int key = i % tokens;
      long down = query / side - key / side + side - 1L; // 0 ... 2·side-2
      long right = query % side - key % side + side - 1L; // 0 ... 2·side-2
      numbers[i] = down * (2L * side - 1) + right;
    }
    return numbers;
  }
}
