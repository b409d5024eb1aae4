package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.segtrain.engine.Aten;
import org.segtrain.engine.BlockObserver;
import org.segtrain.engine.internal.CpuKernels;

/**
 * One forward pass.
 *
 * @param parameters where the values of the parameters come from
 * @param training whether dropout is on and batch-norm uses the statistics of the batch
 */
public record Pass(ParameterStore parameters, boolean training) {

  /** Sends {@code x} through {@code block}. */
  public NDArray through(Block block, NDArray x) {
    return through(block, new NDList(x)).singletonOrThrow();
  }

  /**
   * Sends {@code x}, channels last, through a block that reads and gives channels first, without a
   * copy: {@code B H W C -> B H' W' C'}. Convolutions keep the layout in memory that they are
   * given.
   */
  public NDArray throughMap(Block block, NDArray x) {
    return Layouts.channelsLast(through(block, Layouts.channelsFirst(x)));
  }

  /** Sends {@code arrays} through {@code block}. */
  public NDList through(Block block, NDList arrays) {
    return parameters instanceof Recompute recompute
        ? recompute.through(this, block, arrays)
        : straightThrough(block, arrays);
  }

  NDList straightThrough(Block block, NDList arrays) {
    BlockObserver observer = BlockObserver.of(parameters);
    observer.enter(block);
    NDList outputs = block.forward(parameters, arrays, training);
    observer.leave(block, outputs);
    return outputs;
  }

  /**
   * Whether a block may compute several layers of its own in one operation on {@code x}: this is
   * training, one of them learns, there is a kernel for it, and nobody looks at the layers one by
   * one. Otherwise, and so where all is frozen, a model computes what an exported file does, to the
   * last bit.
   */
  public boolean fuses(NDArray x, Block... layers) {
    return training
        && BlockObserver.of(parameters) == BlockObserver.NONE
        && CpuKernels.serve(x)
        && Arrays.stream(layers).anyMatch(Pass::learns);
  }

  private static boolean learns(Block layer) {
    return layer.getParameters().values().stream().anyMatch(Parameter::requiresGradient);
  }

  /** The weight and the bias of a layer of DJL, on the device of {@code x}. */
  public NDList weightAndBias(Block layer, NDArray x) {
    ParameterList parameters = layer.getParameters();
    return new NDList(operand(parameters.get("weight"), x), operand(parameters.get("bias"), x));
  }

  /** {@link Aten#dropSamples}, drawing the same again if a layer is computed again. */
  NDArray dropSamples(NDArray x, double probability) {
    return parameters instanceof Recompute recompute
        ? recompute.dropSamples(x, probability)
        : Aten.dropSamples(x, probability);
  }

  /**
   * Returns the value of {@code parameter} on the device of {@code x}, as a view that dies with
   * {@code x}: DJL attaches a result to the manager of its first operand, so arithmetic that starts
   * from the parameter itself would pile up in the model's manager.
   */
  public NDArray value(Parameter parameter, NDArray x) {
    NDArray array = operand(parameter, x);
    NDArray view = array.reshape(array.getShape());
    view.attach(x.getManager());
    return view;
  }

  /**
   * Returns the value of {@code parameter} on the device of {@code x}, for any place in an
   * operation but the first.
   */
  public NDArray operand(Parameter parameter, NDArray x) {
    return parameters.getValue(parameter, x.getDevice(), training);
  }
}
