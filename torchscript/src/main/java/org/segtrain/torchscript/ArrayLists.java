package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/**
 * Operations on lists of arrays, in place and outside autograd, each of them one call whatever the
 * length of the lists.
 */
public final class ArrayLists {

  private static final CompiledModule MODULE =
      CompiledModule.compile(
          """
          def norm(self: __torch__.Model, arrays: List[Tensor]) -> float:
            return float(torch.linalg_vector_norm(torch.stack(torch._foreach_norm(arrays))))
          def scale(self: __torch__.Model, arrays: List[Tensor], factor: float) -> None:
            torch._foreach_mul_(arrays, factor)
            return None
          def add(self: __torch__.Model, arrays: List[Tensor], others: List[Tensor]) -> None:
            torch._foreach_add_(arrays, others)
            return None
          def copy(self: __torch__.Model, targets: List[Tensor], sources: List[Tensor]) -> None:
            torch._foreach_copy_(targets, sources)
            return None
          def adamw(self: __torch__.Model, weights: List[Tensor], gradients: List[Tensor],
              means: List[Tensor], squares: List[Tensor], steps: List[Tensor], lr: float,
              beta1: float, beta2: float, decay: float, eps: float) -> None:
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(weights, gradients, means, squares, annotate(List[Tensor], []),
                steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps,
                amsgrad=False, maximize=False)
            return None
          """);

  private ArrayLists() {}

  /** The L2 norm of all elements of all arrays together. */
  public static double norm(List<NDArray> arrays) {
    try (IValue norm = MODULE.run("norm", List.of(ivalue(arrays)))) {
      return norm.toDouble();
    }
  }

  /** Multiplies every element by {@code factor}. */
  public static void scale(List<NDArray> arrays, double factor) {
    MODULE.run("scale", List.of(ivalue(arrays), IValue.from(factor))).close();
  }

  /** Adds to each array the one at the same place of {@code others}. */
  public static void add(List<NDArray> arrays, List<NDArray> others) {
    MODULE.run("add", List.of(ivalue(arrays), ivalue(others))).close();
  }

  /** Overwrites each of {@code targets} by the array at the same place of {@code sources}. */
  public static void copy(List<NDArray> targets, List<NDArray> sources) {
    MODULE.run("copy", List.of(ivalue(targets), ivalue(sources))).close();
  }

  /**
   * One step of AdamW (arXiv:1711.05101, algorithm 2) on every weight, with its fused kernel.
   *
   * @param weights updated
   * @param gradients of the weights
   * @param means first moments, updated
   * @param squares second moments, updated
   * @param steps how many steps each weight has seen, scalars in float32, counted up
   */
  public static void adamW(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> means,
      List<NDArray> squares,
      List<NDArray> steps,
      AdamWFactors factors) {
    List<IValue> arguments =
        List.of(
            ivalue(weights),
            ivalue(gradients),
            ivalue(means),
            ivalue(squares),
            ivalue(steps),
            IValue.from(factors.learningRate()),
            IValue.from(factors.beta1()),
            IValue.from(factors.beta2()),
            IValue.from(factors.weightDecay()),
            IValue.from(factors.epsilon()));
    MODULE.run("adamw", arguments).close();
  }

  /**
   * The numbers of one step of AdamW.
   *
   * @param learningRate the step size
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param weightDecay decoupled decay, a factor of the learning rate
   * @param epsilon added to the root of the second moment
   */
  public record AdamWFactors(
      double learningRate, double beta1, double beta2, double weightDecay, double epsilon) {}

  static IValue ivalue(List<NDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }
}
