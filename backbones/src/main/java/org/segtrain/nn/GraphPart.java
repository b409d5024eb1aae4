package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.segtrain.engine.Aten;

/**
 * A place where the graph of a pass is cut: a recomputed layer, or the end of a block with layers
 * inside, where arrays pass unchanged.
 */
final class GraphPart {

  /** A branch that the pass went through. */
  record Branch(Block parent, Block block) {}

  private final Block block; // null where arrays go on as they are
  private final Visit visit;
  private final List<Branch> branches;
  private final List<NDArray> sources; // the very objects that it read
  private final List<NDArray> reads; // the same arrays, with the graph before
  private final List<NDArray> gives; // leaves of the graph behind
  private final List<NDArray> gradients; // of what it gives; null where none has come

  private GraphPart(
      Block block,
      Visit visit,
      List<Branch> branches,
      NDList reads,
      NDList gives,
      NDManager owner) {
    this.block = block;
    this.visit = visit;
    this.branches = branches;
    this.sources = List.copyOf(reads);
    this.reads = reads.stream().map(read -> attached(Aten.alias(read), owner)).toList();
    this.gives = gives.stream().map(give -> leaf(give, owner)).toList();
    this.gradients = new ArrayList<>(Collections.nCopies(gives.size(), null));
  }

  static GraphPart layer(
      Block block,
      Visit first,
      List<Branch> branches,
      NDList reads,
      NDList gives,
      NDManager owner) {
    return new GraphPart(block, first, branches, reads, gives, owner);
  }

  static GraphPart cut(List<Branch> branches, NDList arrays, NDManager owner) {
    return new GraphPart(null, null, branches, arrays, arrays, owner);
  }

  private static NDArray attached(NDArray array, NDManager owner) {
    array.attach(owner);
    return array;
  }

  private static NDArray leaf(NDArray array, NDManager owner) {
    NDArray leaf = attached(array.stopGradient(), owner);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  boolean isLayer() {
    return block != null;
  }

  Block block() {
    return block;
  }

  Visit visit() {
    return visit;
  }

  List<Branch> branches() {
    return branches;
  }

  List<NDArray> sources() {
    return sources;
  }

  List<NDArray> reads() {
    return reads;
  }

  List<NDArray> gives() {
    return gives;
  }

  List<NDArray> gradients() {
    return Collections.unmodifiableList(gradients);
  }

  boolean hasGradients() {
    return gradients.stream().anyMatch(Objects::nonNull);
  }

  /** Adds to the gradient of one of the arrays that it gives. */
  void addGradient(int i, NDArray more) {
    NDArray sum = gradients.get(i);
    gradients.set(i, sum == null ? more : sum.add(more));
  }

  /** Whether this place and the other are in branches that do not see each other. */
  static boolean areBeside(List<Branch> one, List<Branch> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return one.get(i).parent() == other.get(i).parent();
      }
    }
    return false;
  }
}
