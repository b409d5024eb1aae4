package org.segtrain.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.errors.UsageException;

/**
 * Activation checkpointing: a forward pass keeps the inputs and outputs of a layer, and the
 * backward pass recomputes the rest. Chen et al. (arXiv:1604.06174).
 *
 * <p>It is the parameter store of one forward pass in training, and then gives the gradients of
 * that pass. In float32 they equal those of an ordinary pass to the last bit: drop paths are drawn
 * once, and batch norms count a batch once. The graph is cut at each layer and behind each block
 * with layers inside ({@link LayerPlan}). The backward pass goes through its parts, the last first.
 */
public final class Recompute extends ParameterStore {

  private final NDManager manager;
  private final LayerPlan plan;
  private final ParameterStore store;
  private final List<GraphPart> parts = new ArrayList<>();
  private final Deque<GraphPart.Branch> branches = new ArrayDeque<>(); // those it is in
  private Visit visit; // of the layer it is in, or null

  /**
   * A store for one pass.
   *
   * @param manager owner of the kept arrays, until the gradients are there
   * @param plan which blocks are layers
   * @param store has the values of the parameters, the same arrays throughout the pass
   */
  public Recompute(NDManager manager, LayerPlan plan, ParameterStore store) {
    super(manager, false);
    this.manager = manager;
    this.plan = plan;
    this.store = store;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    return visit == null
        ? store.getValue(parameter, device, training)
        : visit.value(parameter, device, training);
  }

  /** {@link Aten#dropSamples}, which in a layer drops the same each time. */
  NDArray dropSamples(NDArray x, double probability) {
    return visit == null ? Aten.dropSamples(x, probability) : visit.dropSamples(x, probability);
  }

  /** Sends {@code arrays} through {@code block}, and keeps what the backward pass needs. */
  NDList through(Pass pass, Block block, NDList arrays) {
    if (visit != null) {
      return pass.straightThrough(block, arrays);
    }
    Optional<Block> parent = plan.parent(block);
    parent.ifPresent(branching -> branches.addLast(new GraphPart.Branch(branching, block)));
    try {
      if (plan.isLayer(block)) {
        return throughLayer(pass, block, arrays);
      }
      NDList outputs = pass.straightThrough(block, arrays);
      return plan.isGroup(block) ? cut(outputs) : outputs;
    } finally {
      parent.ifPresent(branching -> branches.removeLast());
    }
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private NDList throughLayer(Pass pass, Block block, NDList arrays) {
    NDList outputs;
    Visit first = Visit.first(store, manager);
    visit = first;
    try (Autograd off = Autograd.off()) {
      outputs = pass.straightThrough(block, arrays);
    } finally {
      visit = null;
    }
    boolean isTrained = first.isTrained() || isRecorded(arrays);
    return isTrained
        ? add(
            GraphPart.layer(block, first, List.copyOf(branches), arrays, outputs, manager), outputs)
        : outputs;
  }

  private NDList cut(NDList outputs) {
    return isRecorded(outputs)
        ? add(GraphPart.cut(List.copyOf(branches), outputs, manager), outputs)
        : outputs;
  }

  private static boolean isRecorded(NDList arrays) {
    return arrays.stream().anyMatch(Autograd::isRecorded);
  }

  /** Notes a part, and returns the leaves that the part behind begins with. */
  private NDList add(GraphPart part, NDList outputs) {
    parts.add(part);
    NDList leaves = new NDList();
    for (int i = 0; i < outputs.size(); i++) {
      NDArray leaf = Aten.alias(part.gives().get(i));
      leaf.attach(outputs.get(i).getManager());
      leaves.add(leaf);
    }
    return leaves;
  }

  /**
   * Back-propagates through the pass, as {@link Autograd#gradients(List, List, List)} does.
   *
   * @param outputs what was computed from the results of the pass; closed
   * @param outputGradients the gradient of the loss with respect to each of them
   * @param weights parameters of the network that require a gradient
   * @return the gradient of each weight, zeros for one that has no effect: new arrays of the
   *     manager of this pass
   * @throws UsageException if a recomputed layer gives another result, or its input is read around
   *     it too
   */
  public List<NDArray> gradients(
      List<NDArray> outputs, List<NDArray> outputGradients, List<NDArray> weights) {
    return new GraphWalk(parts, this::again, weights, manager, plan.isNew())
        .gradients(outputs, outputGradients);
  }

  /** Computes a layer once more, recorded. */
  private NDList again(GraphPart layer, NDList reads) {
    visit = Visit.again(store, layer.visit());
    try {
      return layer.block().forward(this, reads, true);
    } finally {
      visit = null;
    }
  }
}
