package org.segtrain.engine;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segtrain.engine.internal.CompiledModule;

/**
 * Whether the operations of this thread are recorded for gradients, until closed.
 *
 * <p>PyTorch keeps this switch per thread, and it is on in every new one; DJL turns it off only in
 * the thread that started the engine. So inference in a pool builds graphs, unless it says {@link
 * #off}. Close it in the same thread, the last opened first: use try-with-resources, with
 * {@code @SuppressWarnings("try")} since nobody reads the variable.
 */
public final class Autograd implements AutoCloseable {

  static {
    Engine.getEngine("PyTorch"); // loads the library, and turns autograd off in this thread
  }

  private static final String GRADIENTS =
      """
      def reached(self: __torch__.Model, outputs: List[Tensor], gradients: List[Tensor],
          inputs: List[Tensor]) -> List[Tensor]:
        seeds = annotate(List[Optional[Tensor]], [])
        for i in range(torch.len(gradients)):
          _0 = torch.append(seeds, gradients[i])
        found = torch.grad(outputs, inputs, seeds, False, False, True)
        all = annotate(List[Tensor], [])
        for j in range(torch.len(inputs)):
          one = found[j]
          if torch.__is__(one, None):
            filled = torch.new_empty(inputs[j], [0])
          else:
            filled = unchecked_cast(Tensor, one)
          _1 = torch.append(all, filled)
        return all
      def recorded(self: __torch__.Model, arrays: List[Tensor]) -> float:
        return float(ops.prim.requires_grad(arrays[0]))
      """;

  private static final Shape NOTHING = new Shape(0); // of a gradient that there is not

  private final boolean before;

  private Autograd(boolean enabled) {
    before = JniUtils.isGradMode();
    JniUtils.setGradMode(enabled);
  }

  /** Records the operations of this thread. */
  public static Autograd on() {
    return new Autograd(true);
  }

  /** Runs the operations of this thread without recording them. */
  public static Autograd off() {
    return new Autograd(false);
  }

  /**
   * Back-propagates through the graph of {@code outputs} and frees it.
   *
   * <p>Unlike DJL's collector it adds nothing to gradients kept with the parameters: the result is
   * new, and it belongs to the manager of the first output.
   *
   * @param outputs arrays computed while autograd was on, from at least one of the inputs
   * @param outputGradients the gradient of the loss with respect to each of them, of the same shape
   * @param inputs arrays that require a gradient
   * @return the gradient of each input, zeros for one that has no effect
   * @throws ai.djl.engine.EngineException if the graph was freed before, or an input requires no
   *     gradient
   */
  public static List<NDArray> gradients(
      List<NDArray> outputs, List<NDArray> outputGradients, List<NDArray> inputs) {
    List<Optional<NDArray>> found = reached(outputs, outputGradients, inputs);
    List<NDArray> gradients = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      NDArray input = inputs.get(i);
      NDArray gradient = found.get(i).orElseGet(() -> Aten.zeros(input, input.getShape()));
      gradient.attach(outputs.get(0).getManager());
      gradients.add(gradient);
    }
    return gradients;
  }

  /**
   * Back-propagates as {@link #gradients(List, List, List)} does, through the part of the graph
   * that leads to the inputs; nothing is made for an input without effect.
   *
   * @param inputs arrays that require a gradient; the graph before them stays, unless it leads to
   *     another input
   * @return the gradient of each input that has an effect
   */
  public static List<Optional<NDArray>> reached(
      List<NDArray> outputs, List<NDArray> outputGradients, List<NDArray> inputs) {
    PtNDManager manager = (PtNDManager) outputs.get(0).getManager();
    try (IValue result = Backward.MODULE.run("reached", outputs, outputGradients, inputs)) {
      List<Optional<NDArray>> gradients = new ArrayList<>();
      for (PtNDArray gradient : result.toTensorArray(manager)) {
        boolean isMissing = gradient.getShape().equals(NOTHING);
        gradients.add(isMissing ? Optional.empty() : Optional.of(gradient));
      }
      return gradients;
    }
  }

  /** Back-propagates from a single number, as {@link #gradients(List, List, List)} does. */
  public static List<NDArray> gradients(NDArray loss, List<NDArray> inputs) {
    return gradients(List.of(loss), List.of(), inputs);
  }

  /**
   * Whether {@link #gradients} can go back from {@code array}: it requires a gradient, or was
   * computed while autograd was on from one that does. (DJL's {@code hasGradient} is false for
   * computed arrays.)
   */
  public static boolean isRecorded(NDArray array) {
    try (IValue recorded = Backward.MODULE.run("recorded", List.of(array))) {
      return recorded.toDouble() != 0;
    }
  }

  @Override
  public void close() {
    JniUtils.setGradMode(before);
  }

  /** Compiled on first use, so that switching autograd compiles nothing. */
  private static final class Backward {
    static final CompiledModule MODULE = CompiledModule.compile(GRADIENTS);
  }
}
