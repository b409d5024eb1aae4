package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.internal.CompiledModule;
import org.segtrain.engine.internal.Recording;

/**
 * Operations on lists of arrays, in place and outside autograd, each of them one call whatever the
 * length of the lists.
 */
public final class ArrayLists {

  private static final CompiledModule MODULE =
      CompiledModule.compile(
          """
          def norm(self: __torch__.Model, arrays: List[Tensor]) -> Tensor:
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(arrays)))
          def scale(self: __torch__.Model, arrays: List[Tensor], factor: float) -> None:
            torch._foreach_mul_(arrays, factor)
            return None
          def add(self: __torch__.Model, arrays: List[Tensor], others: List[Tensor]) -> None:
            torch._foreach_add_(arrays, others)
            return None
          def count(self: __torch__.Model, arrays: List[Tensor], number: int) -> None:
            torch._foreach_add_(arrays, number)
            return None
          def copy(self: __torch__.Model, targets: List[Tensor], sources: List[Tensor]) -> None:
            torch._foreach_copy_(targets, sources)
            return None
          def float32(self: __torch__.Model, arrays: List[Tensor]) -> List[Tensor]:
            wide = annotate(List[Tensor], [])
            for i in range(torch.len(arrays)):
              _0 = torch.append(wide, torch.empty_like(arrays[i], dtype=6))
            torch._foreach_copy_(wide, arrays)
            return wide
          def lerp(self: __torch__.Model, arrays: List[Tensor], ends: List[Tensor],
              share: float) -> None:
            torch._foreach_lerp_(arrays, ends, share)
            return None
          def adamw(self: __torch__.Model, weights: List[Tensor], gradients: List[Tensor],
              means: List[Tensor], squares: List[Tensor], steps: List[Tensor], lr: float,
              beta1: float, beta2: float, decay: float, eps: float) -> None:
            dense = annotate(List[Tensor], [])
            for i in range(torch.len(weights)):
              _0 = torch.append(dense, torch.contiguous(gradients[i]))
              whole = torch.is_contiguous(weights[i])
              if torch.__not__(whole):
                ops.prim.RaiseException("weights must be contiguous in memory")
              else:
                pass
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(weights, dense, means, squares, annotate(List[Tensor], []),
                steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps,
                amsgrad=False, maximize=False)
            return None
          def sgd(self: __torch__.Model, weights: List[Tensor], gradients: List[Tensor],
              momenta: List[Tensor], lr: float, momentum: float, ahead: float,
              decay: float) -> None:
            moves = torch._foreach_add(gradients, weights, alpha=decay)
            torch._foreach_mul_(momenta, momentum)
            torch._foreach_add_(momenta, moves)
            if torch.gt(ahead, 0.):
              torch._foreach_add_(moves, momenta, alpha=momentum)
              torch._foreach_add_(weights, moves, alpha=torch.neg(lr))
            else:
              torch._foreach_add_(weights, momenta, alpha=torch.neg(lr))
            return None
          """);

  private ArrayLists() {}

  /** The L2 norm of all elements of all arrays together. */
  public static double norm(List<NDArray> arrays) {
    try (NDArray norm = normOnDevice(arrays)) {
      return norm.getDouble();
    }
  }

  /** The same as a float64 scalar on the device, so that nothing waits for it. */
  public static NDArray normOnDevice(List<NDArray> arrays) {
    PtNDManager manager = (PtNDManager) arrays.get(0).getManager();
    try (IValue norm = run("norm", arrays);
        NDArray exact = norm.toTensor(manager)) {
      return exact.toType(DataType.FLOAT64, true);
    }
  }

  /** Multiplies every element by {@code factor}. */
  public static void scale(List<NDArray> arrays, double factor) {
    change("scale", arrays, factor);
  }

  /** Adds to each array the one at the same place of {@code others}. */
  public static void add(List<NDArray> arrays, List<NDArray> others) {
    requireSameLength(arrays, others);
    change("add", arrays, others);
  }

  /** Adds {@code number} to every element. DJL's {@code addi} waits for a GPU to get the number. */
  public static void add(List<NDArray> arrays, long number) {
    change("count", arrays, number);
  }

  /** Overwrites each of {@code targets} by the array at the same place of {@code sources}. */
  public static void copy(List<NDArray> targets, List<NDArray> sources) {
    requireSameLength(targets, sources);
    change("copy", targets, sources);
  }

  /** The same values as float32, each in the manager of its array. */
  public static List<NDArray> toFloat32(List<NDArray> arrays) {
    if (arrays.isEmpty()) {
      return List.of();
    }
    try (IValue wide = run("float32", arrays)) {
      return wide.toNDList((PtNDManager) arrays.get(0).getManager());
    }
  }

  /**
   * Moves each array towards the one at the same place of {@code ends}, by {@code share} of the
   * way: {@code array + share · (end - array)}.
   */
  public static void lerp(List<NDArray> arrays, List<NDArray> ends, double share) {
    requireSameLength(arrays, ends);
    change("lerp", arrays, ends, share);
  }

  /**
   * One step of AdamW (arXiv:1711.05101, algorithm 2) on every weight, with its fused kernel.
   *
   * <p>This method checks the arrays, since the kernel does not. It would take rows of a transposed
   * gradient for columns, and read beyond the end of a small one.
   *
   * @param weights updated; contiguous in memory
   * @param gradients of the weights, in any layout
   * @param means first moments, updated; made as zeros
   * @param squares second moments, updated; made as zeros
   * @param steps how many steps each weight has seen, float32 scalars on its device, counted up
   * @throws IllegalArgumentException if the lists do not fit each other
   */
  public static void adamW(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> means,
      List<NDArray> squares,
      List<NDArray> steps,
      AdamWFactors factors) {
    for (List<NDArray> others : List.of(gradients, means, squares)) {
      requireSameShapes(weights, others);
    }
    requireSameLength(weights, steps);
    run(
            "adamw",
            weights,
            gradients,
            means,
            squares,
            steps,
            factors.learningRate(),
            factors.beta1(),
            factors.beta2(),
            factors.weightDecay(),
            factors.epsilon())
        .close();
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

  /**
   * One step of {@code torch.optim.SGD} without dampening on every weight.
   *
   * @param weights updated
   * @param gradients of the weights
   * @param momenta updated; made as zeros
   * @throws IllegalArgumentException if the lists do not fit each other
   */
  public static void sgd(
      List<NDArray> weights, List<NDArray> gradients, List<NDArray> momenta, SgdFactors factors) {
    requireSameShapes(weights, gradients);
    requireSameShapes(weights, momenta);
    run(
            "sgd",
            weights,
            gradients,
            momenta,
            factors.learningRate(),
            factors.momentum(),
            factors.nesterov() ? 1.0 : 0.0,
            factors.weightDecay())
        .close();
  }

  /**
   * The numbers of one step of SGD.
   *
   * @param learningRate the step size
   * @param momentum share of itself that the momentum keeps
   * @param nesterov whether the step looks ahead along the momentum
   * @param weightDecay share of the weights that is added to the gradient
   */
  public record SgdFactors(
      double learningRate, double momentum, boolean nesterov, double weightDecay) {}

  /** Runs an operation that changes its first list, unless that is empty. */
  private static void change(String operation, List<NDArray> first, Object... more) {
    if (!first.isEmpty()) {
      List<Object> arguments = new ArrayList<>();
      arguments.add(first);
      arguments.addAll(List.of(more));
      run(operation, arguments.toArray()).close();
    }
  }

  private static IValue run(String operation, Object... arguments) {
    for (Object argument : arguments) {
      if (argument instanceof List<?> arrays) {
        requireNoRecording(operation, arrays);
      }
    }
    return MODULE.run(operation, arguments);
  }

  private static void requireNoRecording(String operation, List<?> arrays) {
    for (Object array : arrays) {
      if (array instanceof Recording recording) {
        throw recording.refusal(
            "ArrayLists.%s works on arrays in place, outside autograd".formatted(operation));
      }
    }
  }

  private static void requireSameShapes(List<NDArray> weights, List<NDArray> others) {
    requireSameLength(weights, others);
    for (int i = 0; i < weights.size(); i++) {
      Shape shape = weights.get(i).getShape();
      Shape other = others.get(i).getShape();
      if (!shape.equals(other)) {
        throw new IllegalArgumentException(
            "weight %d is %s, but its gradient or moment is %s".formatted(i, shape, other));
      }
    }
  }

  private static void requireSameLength(List<NDArray> arrays, List<NDArray> others) {
    if (arrays.size() != others.size()) {
      throw new IllegalArgumentException(
          "lists must be of one length, but have %d and %d arrays"
              .formatted(arrays.size(), others.size()));
    }
  }
}
