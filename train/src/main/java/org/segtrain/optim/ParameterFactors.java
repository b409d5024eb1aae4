package org.segtrain.optim;

import ai.djl.ndarray.types.Shape;

/** The factors of the learning rate and the weight decay of each parameter. */
public interface ParameterFactors {

  /** The factors of the parameter of that name and shape. */
  ParameterGroups.Factors factors(String name, Shape shape);
}
