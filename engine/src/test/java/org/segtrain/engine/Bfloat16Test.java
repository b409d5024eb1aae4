package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Operations take bfloat16, with errors of the order of its rounding, 2⁻⁹; up to 0.003 was seen.
 */
@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class Bfloat16Test {

  private static final double RELATIVE_ERROR = 0.004;

  @Test
  void attentionTakesBfloat16() {
    check(x -> Aten.attention(x.get(0), x.get(1), x.get(2)));
  }

  @Test
  void attentionTakesABiasInBfloat16() {
    check(x -> Aten.attention(x.get(0), x.get(1), x.get(2), x.get(3), 0.2));
  }

  @Test
  void scaledSumsTakeBfloat16() {
    check(x -> Aten.addScaled(x.get(0), x.get(1), 0.2));
  }

  @Test
  void hardswishTakesBfloat16() {
    check(x -> Aten.hardswish(x.get(0)));
  }

  @Test
  void resizesTakeBfloat16() {
    check(x -> Aten.resizeBilinear(x.get(0), 33, 21, false));
    check(x -> Aten.resizeBilinear(x.get(0), 33, 21, true));
    check(x -> Aten.resizeNearest(x.get(0), 33, 21));
    check(x -> Aten.adaptiveAveragePool(x.get(0), 3, 5));
  }

  private static void check(Function<NDList, NDArray> operation) {
    try (NDManager manager = Agreement.newManager();
        Autograd recording = Autograd.on()) {
      NDList inputs = new NDList();
      for (int i = 0; i < 4; i++) {
        NDArray exact = Aten.toBfloat16(Agreement.normal(manager, 2, 4, 16, 16));
        inputs.add(Aten.toFloat32(exact)); // so that only the operation's own rounding counts
      }
      NDArray upstream = Aten.toFloat32(Aten.toBfloat16(operation.apply(inputs).sin()));
      List<NDArray> expected = valueAndGradient(operation, inputs, upstream, false);
      List<NDArray> actual = valueAndGradient(operation, inputs, upstream, true);
      for (int i = 0; i < 2; i++) {
        double error = expected.get(i).sub(actual.get(i)).norm().getFloat();
        double relative = error / expected.get(i).norm().getFloat();
        assertTrue(relative < RELATIVE_ERROR, "relative error " + relative);
      }
    }
  }

  private static List<NDArray> valueAndGradient(
      Function<NDList, NDArray> operation, NDList inputs, NDArray upstream, boolean half) {
    NDArray x = inputs.get(0).duplicate();
    x.setRequiresGradient(true);
    NDList all = new NDList(inputs);
    all.set(0, x);
    if (half) {
      all.replaceAll(Aten::toBfloat16);
    }
    NDArray output = Aten.toFloat32(operation.apply(all));
    return List.of(
        output, Autograd.gradients(List.of(output), List.of(upstream), List.of(x)).get(0));
  }
}
