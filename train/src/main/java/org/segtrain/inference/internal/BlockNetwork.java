package org.segtrain.inference.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;

/** A block in some precision. Its weights must not change while this is open. */
final class BlockNetwork implements ScoringNetwork {

  private final Network network;
  private final Precision precision;
  private final NDManager scope;
  private final ParameterStore parameters;

  /**
   * A network that computes where {@code manager} is.
   *
   * @param instead arrays in the place of the block's own, by the ids of parameters
   */
  BlockNetwork(
      NDManager manager, Network network, Precision precision, Map<String, NDArray> instead) {
    this.network = network;
    this.precision = precision;
    this.scope = manager.newSubManager();
    this.parameters = Segmenter.parameters(network.block(), precision, scope, instead);
  }

  @Override
  public NDArray scores(NDArray images) {
    NDArray rounded = precision == Precision.BF16 ? Aten.toBfloat16(images) : images;
    return Aten.toFloat32(network.block().forward(parameters, new NDList(rounded), false).head());
  }

  @Override
  public boolean alignCorners() {
    return network.alignCorners();
  }

  @Override
  public void close() {
    scope.close();
  }
}
