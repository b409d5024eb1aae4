package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.inference.internal.ReplacedParameters;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.nn.LayerPlan;
import org.segtrain.nn.Recompute;

/** Passes of a block. */
record BlockWorkload(Block model, Benchmark.Mode mode, Precision precision)
    implements Subject.Workload {

  @Override
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  public void pass(NDArray images) {
    boolean training = mode != Benchmark.Mode.INFERENCE;
    try (NDManager scope = images.getManager().newSubManager();
        Autograd autograd = training ? Autograd.on() : Autograd.off()) {
      LayerPlan again = mode == Benchmark.Mode.RECOMPUTE ? LayerPlan.of(model) : LayerPlan.none();
      ReplacedParameters store = Segmenter.parameters(model, precision, scope);
      Recompute pass = new Recompute(scope, again, store);
      NDList outputs = model.forward(pass, new NDList(images), training);
      outputs.attach(scope);
      List<NDArray> exact = outputs.stream().map(Aten::toFloat32).toList();
      if (training) {
        List<NDArray> ones = exact.stream().map(NDArray::onesLike).toList();
        List<NDArray> gradients =
            store.exact(pass.gradients(exact, ones, store.leaves(weights(model))));
        gradients.get(0).sum().toFloatArray(); // waits for a GPU
      } else {
        exact.get(0).sum().toFloatArray();
      }
    }
  }

  private static List<NDArray> weights(Block model) {
    return StateDict.of(model).values().stream()
        .filter(Parameter::requiresGradient)
        .map(Parameter::getArray)
        .toList();
  }

  @Override
  public void close() {} // the block is of the manager
}
