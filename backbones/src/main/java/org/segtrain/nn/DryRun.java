package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/** Inference on zeros, to find the shapes of outputs. */
final class DryRun {

  private DryRun() {}

  /**
   * The shapes of the outputs of {@code block} for inputs of the given shapes. Empty if it is not
   * initialised, or the length of an axis is not known.
   */
  static Optional<Shape[]> shapes(Block block, Shape[] inputs) {
    boolean known =
        Arrays.stream(inputs).flatMapToLong(s -> LongStream.of(s.getShape())).allMatch(n -> n >= 0);
    if (!known || !block.isInitialized()) {
      return Optional.empty();
    }
    NDArray weight = weight(block);
    try (NDManager scope = weight.getManager().newSubManager(weight.getDevice())) {
      NDList zeros = new NDList();
      for (Shape shape : inputs) {
        zeros.add(scope.zeros(shape, weight.getDataType()));
      }
      return Optional.of(block.forward(new ParameterStore(scope, false), zeros, false).getShapes());
    }
  }

  /** An array of the type and on the device that the block computes with. */
  private static NDArray weight(Block block) {
    return block.getParameters().values().stream()
        .map(Parameter::getArray)
        .filter(array -> array.getDataType().isFloating())
        .findFirst()
        .orElseThrow();
  }
}
