package org.segtrain.measure.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;

/** How many numbers training learns; running statistics are not among them. */
public final class ParameterCount {

  private ParameterCount() {}

  /** Of a backbone, which is made for it, and given up again. */
  public static long of(BackboneVariant variant) {
    Block block = variant.build();
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(-1, 3, -1, -1));
      return of(block);
    }
  }

  /** Of a block that is initialised. */
  static long of(Block block) {
    return StateDict.of(block).values().stream()
        .filter(Parameter::requiresGradient)
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }
}
