package org.segtrain.optim.internal;

import ai.djl.ndarray.types.Shape;
import org.segtrain.nn.LayerNames;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Factors;

/**
 * Learning rates that fall from the heads to the stem, by the same factor from layer to layer.
 * Parameters outside the backbone learn at the full rate. BEiT (arXiv:2106.08254), section 3.
 *
 * @param groups further factors of the rates
 * @param factor from a layer to the one before it
 * @param layers of the backbone
 */
public record LayerDecay(ParameterGroups groups, double factor, LayerNames layers)
    implements ParameterFactors {

  private static final String BACKBONE = "backbone.";

  @Override
  public Factors factors(String name, Shape shape) {
    Factors own = groups.factors(name, shape);
    return new Factors(own.learningRate() * Math.pow(factor, distance(name)), own.decay());
  }

  /** Layers between the parameter and the heads: 1 for the last of the backbone. */
  private int distance(String name) {
    return name.startsWith(BACKBONE)
        ? layers.count() - layers.of(name.substring(BACKBONE.length()))
        : 0;
  }
}
