package org.segtrain.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.segtrain.engine.StateDict;

/** A block with random weights, and the same layers in plain loops to hold it against. */
public final class Loops {

  private final Block block;
  private final NDManager manager;
  private final Map<String, Parameter> state;

  /** Initialises {@code block} for maps of that shape and moves all that it learns. */
  public Loops(Block block, Shape input, NDManager manager) {
    this.block = block;
    this.manager = manager;
    block.initialize(manager, DataType.FLOAT32, input);
    this.state = StateDict.of(block);
    state.values().stream()
        .filter(Parameter::requiresGradient)
        .forEach(one -> one.getArray().addi(manager.randomNormal(one.getShape())));
  }

  /** What the block makes of {@code x}. */
  public float[] run(NDArray x) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(x), false)
        .singletonOrThrow()
        .toFloatArray();
  }

  /** The elements of the parameter of that name. */
  public float[] values(String name) {
    return state.get(name).getArray().toFloatArray();
  }

  /** The linear layer of that name, applied to each row. */
  public double[][] linear(double[][] rows, String name) {
    double[][] results = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      results[i] = linear(rows[i], name);
    }
    return results;
  }

  /** The linear layer of that name. */
  public double[] linear(double[] x, String name) {
    float[] bias = values(name + ".bias");
    float[] weight = values(name + ".weight"); // out in
    double[] y = new double[bias.length];
    for (int out = 0; out < y.length; out++) {
      y[out] = bias[out];
      for (int in = 0; in < x.length; in++) {
        y[out] += weight[out * x.length + in] * x[in];
      }
    }
    return y;
  }

  /** Elements as rows of that length. */
  public static double[][] rows(float[] values, int length) {
    double[][] rows = new double[values.length / length][length];
    for (int i = 0; i < values.length; i++) {
      rows[i / length][i % length] = values[i];
    }
    return rows;
  }
}
