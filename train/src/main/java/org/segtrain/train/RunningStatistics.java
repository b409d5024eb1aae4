package org.segtrain.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.collectives.Group;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.BatchNorm;

/**
 * The running statistics of batch norms. A forward pass writes its share to other arrays; behind
 * the passes of a step the statistics take in all shares in the order of the passes. So N processes
 * compute what one computes with N times the passes, and a step that fails leaves the statistics as
 * they were. Other blocks with running statistics, as DJL has one, keep those of the first process.
 */
final class RunningStatistics {

  private final Passes passes;
  private final List<NDArray> running = new ArrayList<>();
  private final List<NDArray> counts = new ArrayList<>(); // of batches
  private final NDArray share; // of the pass under way: all in one row
  private final List<NDArray> shares = new ArrayList<>(); // parts of it
  private final Map<String, NDArray> instead = new HashMap<>();
  private final List<NDArray> ofPasses = new ArrayList<>();
  private final Group group; // of all processes
  private final List<NDArray> foreign = new ArrayList<>(); // of other kinds of blocks

  /**
   * Those of the batch norms of {@code model} that update theirs.
   *
   * @param manager keeps the shares
   * @param passes that differ in what their batch norms see; those of this process alone, if they
   *     are synchronised
   * @param group all processes
   */
  RunningStatistics(NDManager manager, Block model, Passes passes, Group group) {
    this.passes = passes;
    this.group = group;
    List<Parameter> parameters = new ArrayList<>();
    NDArray uncounted = manager.zeros(new Shape(), DataType.INT64);
    for (Block block : StateDict.blocks(model).values()) {
      if (block instanceof BatchNorm norm && norm.updatesStatistics()) {
        parameters.addAll(norm.runningStatistics());
        counts.add(norm.batches().getArray());
        instead.put(norm.batches().getId(), uncounted);
      } else if (!(block instanceof BatchNorm)) {
        block.getDirectParameters().values().stream()
            .filter(RunningStatistics::isRunning)
            .forEach(parameter -> foreign.add(parameter.getArray()));
      }
    }
    long size = parameters.stream().mapToLong(each -> each.getArray().size()).sum();
    share = manager.zeros(new Shape(1, size));
    long at = 0;
    for (Parameter parameter : parameters) {
      NDArray array = parameter.getArray();
      NDArray part = alone(share.get(new NDIndex("0, {}:{}", at, at + array.size())));
      part.attach(manager);
      running.add(array);
      shares.add(part);
      instead.put(parameter.getId(), part);
      at += array.size();
    }
  }

  /**
   * The same memory, whose changes autograd does not count as those of the rest of the row: a norm
   * keeps its statistics for the backward pass, and {@code Recompute} restores those of others.
   */
  private static NDArray alone(NDArray view) {
    return Aten.call("torch.set_(torch.new_empty($0, [0]), $0)", view);
  }

  private static boolean isRunning(Parameter parameter) {
    return parameter.getType() == Parameter.Type.RUNNING_MEAN
        || parameter.getType() == Parameter.Type.RUNNING_VAR;
  }

  /** The arrays that forward passes update, by the identity of the parameters. */
  Map<String, NDArray> instead() {
    return instead;
  }

  /** A forward pass begins. */
  void begin() {
    if (!running.isEmpty()) {
      ArrayLists.scale(List.of(share), 0);
    }
  }

  /** A forward pass has ended. {@code scope} lives until the step does. */
  void end(NDManager scope) {
    if (!running.isEmpty()) {
      NDArray copy = share.duplicate();
      copy.attach(scope);
      ofPasses.add(copy);
    }
  }

  /** Takes in the shares of the passes of all processes. */
  void update() {
    if (!foreign.isEmpty()) {
      group.broadcast(foreign);
    }
    if (running.isEmpty()) {
      return;
    }
    for (NDArray own : ofPasses) {
      NDArray ofRanks = passes.group().gathered(own); // N L
      for (long rank = 0; rank < ofRanks.size(0); rank++) {
        try (NDArray one = ofRanks.get(new NDIndex("{}:{}", rank, rank + 1))) {
          ArrayLists.copy(List.of(share), List.of(one));
        }
        ArrayLists.scale(running, 1 - BatchNorm.MOMENTUM);
        ArrayLists.add(running, shares);
      }
    }
    ArrayLists.add(counts, passes.count());
    ofPasses.clear();
  }

  /** Forgets the passes of a step that failed. */
  void forget() {
    ofPasses.clear();
  }
}
