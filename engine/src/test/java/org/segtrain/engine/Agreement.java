package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Compares an operation, values and gradients, with the same thing composed from DJL operations.
 */
@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
final class Agreement {

  /**
   * PyTorch specialises a module by what it saw in the first two calls. Of several operations in
   * one expression the last bit may change then, and with it a training that is resumed.
   */
  private static final int CALLS = 4;

  /** The same values side by side in memory, in another order, and with gaps between them. */
  private static final List<UnaryOperator<NDArray>> LAYOUTS =
      List.of(NDArray::duplicate, Agreement::transposed, Agreement::spaced);

  private final float tolerance;
  private final Function<NDList, NDArray> operation;
  private final Function<NDList, NDArray> composition;

  Agreement(
      double tolerance,
      Function<NDList, NDArray> operation,
      Function<NDList, NDArray> composition) {
    this.tolerance = (float) tolerance;
    this.operation = operation;
    this.composition = composition;
  }

  /** Its random numbers are the same in each test, whatever ran before it. */
  static NDManager newManager() {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed(1);
    return engine.newBaseManager(Device.cpu());
  }

  static NDArray normal(NDManager manager, long... shape) {
    return manager.randomNormal(0f, 1f, new Shape(shape), DataType.FLOAT32);
  }

  /** Asserts that both functions of {@code inputs} agree, in every memory layout. */
  void on(NDArray... inputs) {
    float[][] expected = composed(inputs);
    for (UnaryOperator<NDArray> layout : LAYOUTS) {
      float[][] first = operated(layout, inputs);
      assertEqual(expected, first, tolerance);
      for (int call = 1; call < CALLS; call++) {
        assertEqual(first, operated(layout, inputs), 0);
      }
    }
  }

  private static void assertEqual(float[][] expected, float[][] actual, float tolerance) {
    for (int i = 0; i < expected.length; i++) {
      String what = i == 0 ? "values" : "gradient of input " + (i - 1);
      assertArrayEquals(expected[i], actual[i], tolerance, what);
    }
  }

  /** Values of the composition, then the gradient of each input, by DJL's own collector. */
  private float[][] composed(NDArray[] inputs) {
    NDList leaves = leaves(NDArray::duplicate, inputs);
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray output = composition.apply(leaves);
      collector.backward(output.mul(upstream(output)).sum());
      return floats(output, leaves.stream().map(NDArray::getGradient).toList());
    }
  }

  private float[][] operated(UnaryOperator<NDArray> layout, NDArray[] inputs) {
    NDList leaves = leaves(layout, inputs);
    try (Autograd recording = Autograd.on()) {
      NDArray output = operation.apply(leaves);
      return floats(output, Autograd.gradients(List.of(output), List.of(upstream(output)), leaves));
    }
  }

  private static NDList leaves(UnaryOperator<NDArray> layout, NDArray[] inputs) {
    NDList leaves = new NDList();
    for (NDArray input : inputs) {
      NDArray leaf = layout.apply(input);
      leaf.setRequiresGradient(true);
      leaves.add(leaf);
    }
    return leaves;
  }

  /** Any numbers that differ from place to place. */
  private static NDArray upstream(NDArray output) {
    return output
        .getManager()
        .arange((float) output.size())
        .mul(0.7)
        .sin()
        .reshape(output.getShape());
  }

  private static float[][] floats(NDArray output, List<NDArray> gradients) {
    float[][] all = new float[1 + gradients.size()][];
    all[0] = output.toFloatArray();
    for (int i = 0; i < gradients.size(); i++) {
      all[i + 1] = gradients.get(i).toFloatArray();
    }
    return all;
  }

  static NDArray transposed(NDArray array) {
    if (array.getShape().dimension() == 1) {
      return array.duplicate();
    }
    NDArray swapped = array.swapAxes(-1, -2);
    return array.getManager().create(swapped.toFloatArray(), swapped.getShape()).swapAxes(-1, -2);
  }

  static NDArray spaced(NDArray array) {
    return NDArrays.stack(new NDList(array, array.mul(7)), -1).get(new NDIndex("...,0"));
  }
}
