package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Prints what a call costs beside the arithmetic, in microseconds: median and range of rounds. */
@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
public final class AtenOverhead {

  private static final int ROUNDS = 9;
  private static final int CALLS = 20_000;

  private AtenOverhead() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    try (NDManager manager = Agreement.newManager()) {
      NDArray x = Agreement.normal(manager, 1, 1, 2, 2);
      NDArray parameter = Agreement.normal(manager, 1, 1, 2, 2);
      parameter.setRequiresGradient(true);
      List<NDArray> arrays = List.of(x, parameter);
      report("DJL relu", () -> x.getNDArrayInternal().relu().close());
      report("DJL mul by a number", () -> x.mul(0.5).close());
      report("Aten, one array", () -> Aten.hardswish(x).close());
      report("Aten, three arrays", () -> Aten.attention(x, x, x).close());
      report("Aten, a number", () -> Aten.call("torch.mul($0, $1)", x, 0.5).close());
      report("Aten, sizes", () -> Aten.resizeNearest(x, 2, 2).close());
      report("ArrayLists.norm of two", () -> ArrayLists.norm(arrays));
      report("ArrayLists.scale of two", () -> ArrayLists.scale(arrays, 0.999));
      report("hardswish, sum and gradient", () -> gradient(parameter));
    }
  }

  private static void gradient(NDArray parameter) {
    try (Autograd recording = Autograd.on();
        NDArray activation = Aten.hardswish(parameter);
        NDArray loss = activation.sum()) {
      Autograd.gradients(loss, List.of(parameter)).get(0).close();
    }
  }

  private static void report(String name, Runnable call) {
    double[] microseconds = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) { // two to warm up
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      microseconds[Math.max(round, 0)] = (System.nanoTime() - start) / 1e3 / CALLS;
    }
    Arrays.sort(microseconds);
    System.out.printf(
        Locale.ROOT,
        "%-28s %6.2f us (%.2f-%.2f)%n",
        name,
        microseconds[ROUNDS / 2],
        microseconds[0],
        microseconds[ROUNDS - 1]);
  }
}
