package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.List;
import org.segtrain.engine.internal.CompiledModule;

/**
 * Numbers that differ from call to call, as arrays. A GPU fills them itself, where an array of
 * DJL's is copied from the host, which waits for the GPU.
 */
public final class Scalars {

  private static final CompiledModule MODULE =
      CompiledModule.compile(
          """
          def of(self: __torch__.Model, like: List[Tensor], number: float) -> Tensor:
            return torch.new_full(like[0], annotate(List[int], []), number, dtype=7)
          """);

  private Scalars() {}

  /** {@code number} as a float64 scalar on the device of {@code like}, in its manager. */
  public static NDArray of(NDArray like, double number) {
    try (IValue made = MODULE.run("of", List.of(like), number)) {
      return made.toTensor((PtNDManager) like.getManager());
    }
  }
}
