package org.segtrain.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.errors.UsageException;

/** The way back through the parts of a graph, the last first. */
final class GraphWalk {

  private static final float SAME = 0.01f; // of the largest value: kernels may differ in last bits

  /** Computes a layer once more. */
  interface Again {
    NDList forward(GraphPart layer, NDList reads);
  }

  /** An array and its gradient, from which the walk through the graph goes on. */
  private static final class Root {
    private final NDArray source; // the object that a layer read, or the array itself
    private final NDArray array;
    private final NDArray gradient;
    private final List<GraphPart.Branch> branches;

    Root(NDArray source, NDArray array, NDArray gradient, List<GraphPart.Branch> branches) {
      this.source = source;
      this.array = array;
      this.gradient = gradient;
      this.branches = branches;
    }

    static Root of(NDArray output, NDArray gradient, List<GraphPart.Branch> branches) {
      return new Root(output, output, gradient, branches);
    }
  }

  private final List<GraphPart> parts;
  private final Again again;
  private final List<NDArray> weights;
  private final NDManager manager;
  private final boolean isChecked;
  private final IdentityHashMap<NDArray, NDArray> sums = new IdentityHashMap<>(); // of weights
  private final List<Root> roots = new ArrayList<>(); // those not gone through yet

  GraphWalk(
      List<GraphPart> parts,
      Again again,
      List<NDArray> weights,
      NDManager manager,
      boolean isChecked) {
    this.parts = parts;
    this.again = again;
    this.weights = weights;
    this.manager = manager;
    this.isChecked = isChecked;
  }

  List<NDArray> gradients(List<NDArray> outputs, List<NDArray> outputGradients) {
    for (int i = 0; i < outputs.size(); i++) {
      roots.add(Root.of(outputs.get(i), outputGradients.get(i), List.of()));
    }
    for (int i = parts.size() - 1; i >= 0; i--) {
      GraphPart part = parts.get(i);
      back(rootsThatLeadTo(part), i + 1);
      if (part.hasGradients()) {
        addRoots(part, part.isLayer() ? throughLayer(part) : part.gradients());
      }
      part.gives().forEach(NDArray::close);
    }
    back(List.copyOf(roots), 0);
    return weights.stream().map(this::gradient).toList();
  }

  /**
   * The roots that may lead to it: those of a branch wait until all branches beside it are done.
   */
  private List<Root> rootsThatLeadTo(GraphPart part) {
    return roots.stream()
        .filter(root -> !GraphPart.areBeside(root.branches, part.branches()))
        .toList();
  }

  private void addRoots(GraphPart part, List<NDArray> gradients) {
    for (int i = 0; i < gradients.size(); i++) {
      if (gradients.get(i) != null) {
        roots.add(
            new Root(
                part.sources().get(i), part.reads().get(i), gradients.get(i), part.branches()));
      }
    }
  }

  /** Goes through what is recorded before {@code from} and behind the first {@code count} parts. */
  private void back(List<Root> from, int count) {
    if (from.isEmpty()) {
      return;
    }
    List<GraphPart> ahead = parts.subList(0, count);
    List<NDArray> inputs =
        Stream.concat(ahead.stream().flatMap(part -> part.gives().stream()), weights.stream())
            .toList();
    Iterator<Optional<NDArray>> found = reached(from, inputs).iterator();
    for (GraphPart part : ahead) {
      for (int i = 0; i < part.gives().size(); i++) {
        Optional<NDArray> gradient = found.next();
        if (gradient.isPresent()) {
          gradient.get().attach(manager);
          part.addGradient(i, gradient.get());
        }
      }
    }
    weights.forEach(weight -> found.next().ifPresent(more -> add(weight, more)));
    from.forEach(root -> root.array.close());
    roots.removeAll(from);
  }

  private static List<Optional<NDArray>> reached(List<Root> from, List<NDArray> inputs) {
    try {
      return Autograd.reached(
          from.stream().map(root -> root.array).toList(),
          from.stream().map(root -> root.gradient).toList(),
          inputs);
    } catch (EngineException e) {
      if (e.getMessage() != null && e.getMessage().contains("graph a second time")) {
        throw new UsageException(
            "the model reads the inputs of its layers in other places too, so they cannot be"
                + " recomputed; make these places branches beside the layers, or leave run.recompute"
                + " false");
      }
      throw e;
    }
  }

  private void add(NDArray weight, NDArray more) {
    more.attach(manager);
    NDArray sum = sums.get(weight);
    sums.put(weight, sum == null ? more : sum.add(more));
  }

  private NDArray gradient(NDArray weight) {
    NDArray sum = sums.get(weight);
    if (sum == null) {
      sum = Aten.zeros(weight, weight.getShape()); // of bfloat16 too
      sum.attach(manager);
    }
    return sum;
  }

  /** Returns the gradients of a layer's inputs, null where there is none. */
  private List<NDArray> throughLayer(GraphPart layer) {
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> statistics = layer.visit().statistics();
      List<NDArray> before = statistics.stream().map(NDArray::duplicate).toList();
      before.forEach(copy -> copy.attach(scope));
      NDList reads = new NDList();
      for (NDArray read : layer.reads()) {
        NDArray leaf = read.stopGradient();
        leaf.attach(scope);
        leaf.setRequiresGradient(Autograd.isRecorded(read));
        reads.add(leaf);
      }
      List<NDArray> gradients = throughLayer(layer, reads);
      ArrayLists.copy(statistics, before);
      return gradients;
    }
  }

  private List<NDArray> throughLayer(GraphPart layer, NDList reads) {
    NDList outputs = again.forward(layer, reads);
    List<Root> given = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (isChecked) {
        check(layer, outputs.get(i), layer.gives().get(i));
      }
      if (layer.gradients().get(i) != null && Autograd.isRecorded(outputs.get(i))) {
        given.add(Root.of(outputs.get(i), layer.gradients().get(i), layer.branches()));
      }
    }
    given.addAll(readBehind(layer, reads));
    List<NDArray> leaves = reads.stream().filter(Autograd::isRecorded).toList();
    List<NDArray> own = layer.visit().weights();
    Iterator<Optional<NDArray>> found =
        reached(given, Stream.concat(leaves.stream(), own.stream()).toList()).iterator();
    List<NDArray> gradients = new ArrayList<>();
    for (NDArray read : reads) {
      Optional<NDArray> one = Autograd.isRecorded(read) ? found.next() : Optional.empty();
      one.ifPresent(gradient -> gradient.attach(manager));
      gradients.add(one.orElse(null));
    }
    own.forEach(weight -> found.next().ifPresent(more -> add(weight, more)));
    return gradients;
  }

  /**
   * Removes the roots that {@code layer} reads too. It then adds to their gradients in the order of
   * a pass that keeps its layers.
   */
  private List<Root> readBehind(GraphPart layer, NDList reads) {
    List<Root> behind = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      for (Root root : List.copyOf(roots)) {
        if (root.source == layer.sources().get(i)) {
          behind.add(new Root(root.source, reads.get(i), root.gradient, root.branches));
          roots.remove(root);
        }
      }
    }
    return behind;
  }

  /** Refuses a layer that draws random numbers by itself. */
  private static void check(GraphPart layer, NDArray second, NDArray first) {
    float largest = largest(first.abs());
    float difference = largest(second.sub(first).abs());
    if (difference > SAME * largest) {
      throw new UsageException(
          ("a layer (%s) gives another result when it is recomputed; let DropPath draw its random"
                  + " numbers, or leave run.recompute false")
              .formatted(layer.block().getClass().getSimpleName()));
    }
  }

  private static float largest(NDArray values) {
    try (NDArray exact = Aten.toFloat32(values);
        NDArray most = exact.max()) {
      return most.getFloat();
    } finally {
      values.close();
    }
  }
}
