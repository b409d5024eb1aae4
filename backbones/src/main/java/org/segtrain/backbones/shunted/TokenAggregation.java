package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * Keys and values for half of the heads of {@link ShuntedAttention}, from a map made {@code R}
 * times smaller on each side; the values are enhanced by their surroundings. Shunted Transformer
 * (arXiv:2111.15193), section 3.1.1, equations 1-2.
 *
 * <p>{@code B H W C ->} keys and values, each {@code B h M d}, with h heads of d = C/2h channels
 * and M = ⌊H/R⌋·⌊W/R⌋.
 */
final class TokenAggregation extends ComposedBlock {

  private final int heads;
  private final Conv2d sr;
  private final LayerNorm norm;
  private final Linear kv;
  private final Conv2d localConv;

  /**
   * The branch of the given number, which names its parameters.
   *
   * @param dim channels read, twice as many as those of the keys
   * @param heads heads of this branch
   */
  TokenAggregation(int number, int dim, int heads, int reduction) {
    Convolution around = Convolution.depthwise(dim / 2, 3);
    this.heads = heads;
    Convolution patches = Convolution.patches(dim, dim, reduction);
    this.sr = conv("sr" + number, patches, Initializers.kaimingNormalFanOut(patches));
    this.norm = layerNorm("norm" + number, dim, 1e-5f);
    this.kv = linear("kv" + number, dim, dim);
    this.localConv = conv("local_conv" + number, around, Initializers.kaimingNormalFanOut(around));
  }

  @Override
  protected NDList forward(Pass pass, NDList inputs) {
    NDArray x = inputs.singletonOrThrow(); // B H W C
    NDArray small = pass.through(norm, pass.throughMap(sr, x)); // B H/R W/R C
    NDList kv = pass.through(this.kv, Activation.gelu(small)).split(2, 3); // 2 of B H/R W/R C/2
    NDArray v = kv.get(1).add(pass.throughMap(localConv, kv.get(1)));
    return new NDList(Layouts.splitHeads(kv.get(0), heads), Layouts.splitHeads(v, heads));
  }
}
