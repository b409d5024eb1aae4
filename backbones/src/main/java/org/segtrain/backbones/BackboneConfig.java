package org.segtrain.backbones;

/** The architecture of a backbone: a record of numbers that can build it. */
public interface BackboneConfig {

  /**
   * A new backbone, not yet initialised.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  Backbone build(float dropPath);
}
