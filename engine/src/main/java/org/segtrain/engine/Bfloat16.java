package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.HashSet;
import java.util.Set;

/**
 * Which parameters mixed precision rounds to bfloat16: weights and biases, but not those of
 * normalisations. Layer norms on a GPU are the exception: their scales need the type of the input.
 */
public final class Bfloat16 {

  private final Set<String> ofBatchNorms = new HashSet<>();

  private Bfloat16() {}

  /** The rule for the parameters of {@code block}. */
  public static Bfloat16 of(Block block) {
    Bfloat16 rule = new Bfloat16();
    for (Block part : StateDict.blocks(block).values()) {
      var own = part.getDirectParameters().values();
      if (own.stream().anyMatch(Bfloat16::isStatistic)) {
        own.forEach(parameter -> rule.ofBatchNorms.add(parameter.getId()));
      }
    }
    return rule;
  }

  /**
   * Whether {@code parameter}, which has that value, is rounded.
   *
   * @param forGpu whether the model is to run on a GPU
   */
  public boolean rounds(Parameter parameter, NDArray value, boolean forGpu) {
    if (value.getDataType() != DataType.FLOAT32) {
      return false;
    }
    return switch (parameter.getType()) {
      case WEIGHT, BIAS, OTHER -> true;
      case GAMMA, BETA -> forGpu && !ofBatchNorms.contains(parameter.getId());
      default -> false;
    };
  }

  /** A rounded copy that lives as long as {@code scope}, differentiable. */
  public static NDArray round(NDArray array, NDManager scope) {
    NDArray view = array.reshape(array.getShape());
    view.attach(scope); // the result belongs to the manager of its operand
    return Aten.toBfloat16(view);
  }

  private static boolean isStatistic(Parameter parameter) {
    return parameter.getType() == Parameter.Type.RUNNING_MEAN;
  }
}
