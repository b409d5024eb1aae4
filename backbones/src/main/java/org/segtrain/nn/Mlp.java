package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;

/** The feed-forward network of a transformer layer, {@code * dim -> * hidden -> * dim}. */
public final class Mlp extends UnaryBlock {

  private final Linear fc1;
  private final Linear fc2;

  /**
   * A network with one hidden layer and exact GELU.
   *
   * @param dim channels read and written
   * @param hidden channels in between
   */
  public Mlp(int dim, int hidden) {
    this.fc1 = linear("fc1", dim, hidden);
    this.fc2 = linear("fc2", hidden, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    return pass.fuses(x, fc1, fc2)
        ? Aten.mlp(x, pass.weightAndBias(fc1, x), pass.weightAndBias(fc2, x))
        : pass.through(fc2, Activation.gelu(pass.through(fc1, x)));
  }
}
