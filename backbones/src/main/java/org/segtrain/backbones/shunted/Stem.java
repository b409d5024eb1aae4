package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Normalised tokens of an image, by convolutions that overlap. {@code B 3 H W -> B ⌊⌈H/2⌉/2⌋
 * ⌊⌈W/2⌉/2⌋ dim}. Shunted Transformer (arXiv:2111.15193), section 3.2.
 */
final class Stem extends UnaryBlock {

  private static final int LAYERS = 3; // convolution, norm and activation, in the state dict

  private final List<ConvNorm> layers = new ArrayList<>();
  private final Conv2d proj;
  private final LayerNorm norm;

  /**
   * A stem.
   *
   * @param convolutions those that keep height and width
   */
  Stem(int dim, int convolutions) {
    layers.add(layer(0, Convolution.same(3, dim, 7).withStride(2)));
    for (int i = 1; i <= convolutions; i++) {
      layers.add(layer(i, Convolution.same(dim, dim, 3)));
    }
    Convolution patches = Convolution.patches(dim, dim, 2);
    this.proj =
        conv("conv." + LAYERS * layers.size(), patches, Initializers.kaimingNormalFanOut(patches));
    this.norm = layerNorm("norm", dim, 1e-5f);
  }

  private ConvNorm layer(int number, Convolution biased) {
    Convolution convolution = biased.withoutBias();
    int index = LAYERS * number;
    return child(
        "conv",
        new ConvNorm(
            "" + index,
            "" + (index + 1),
            convolution,
            Initializers.kaimingNormalFanOut(convolution),
            Activation::relu));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray image) { // B 3 H W
    NDArray map = image;
    for (ConvNorm layer : layers) {
      map = pass.through(layer, map); // B dim H/2 W/2
    }
    return pass.through(norm, Layouts.channelsLast(pass.through(proj, map))); // B H/4 W/4 dim
  }
}
