package org.segtrain.nn;

import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/** Blocks one after the other. */
public final class Chain extends ComposedBlock {

  private final List<ComposedBlock> links = new ArrayList<>();

  /** A chain whose links the state dict numbers from zero. */
  public Chain(List<? extends ComposedBlock> links) {
    links.forEach(link -> this.links.add(child(String.valueOf(this.links.size()), link)));
  }

  /** A chain of layers, each of which the state dict numbers: {@link LayerNames}. */
  public static Chain ofLayers(List<? extends ComposedBlock> layers) {
    Chain chain = new Chain(List.of());
    layers.forEach(one -> chain.links.add(chain.layer(String.valueOf(chain.links.size()), one)));
    return chain;
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
}
