package org.segtrain.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Blocks one after the other, which the state dict numbers from zero. */
public final class Chain extends ComposedBlock {

  private final List<ComposedBlock> links = new ArrayList<>();

  /** A chain of {@code links}, of which the first reads what the chain is given. */
  public Chain(List<? extends ComposedBlock> links) {
    links.forEach(link -> this.links.add(child(String.valueOf(this.links.size()), link)));
  }

  @Override
  protected NDList forward(Pass pass, NDList inputs) {
    NDList arrays = inputs;
    for (ComposedBlock link : links) {
      arrays = pass.through(link, arrays);
    }
    return arrays;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] shapes = inputs;
    for (ComposedBlock link : links) {
      shapes = link.getOutputShapes(shapes);
    }
    return shapes;
  }
}
