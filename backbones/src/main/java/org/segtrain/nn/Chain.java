package org.segtrain.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Blocks one after the other. */
public final class Chain extends ComposedBlock {

  private final List<ComposedBlock> links = new ArrayList<>();

  /** A chain whose links the state dict numbers from zero. */
  public Chain(List<? extends ComposedBlock> links) {
    links.forEach(link -> this.links.add(child(String.valueOf(this.links.size()), link)));
  }

  /** A chain that the state dict does not show: its links have names of their own. */
  public Chain(ComposedBlock first, ComposedBlock second) {
    this.links.add(child("", first));
    this.links.add(child("", second));
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
