package org.segtrain.backbones;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.LayerNames;
import org.segtrain.nn.Pass;

/**
 * An image encoder: {@code B 3 H W ->} four maps {@code B Cᵢ H/s W/s}, s = 4, 8, 16, 32, of any
 * image whose sides are at least 32 pixels.
 */
public abstract class Backbone extends ComposedBlock {

  /** The shortest side of an image that every backbone reads, pixels. */
  public static final int SHORTEST_SIDE = 32;

  private static final int FIRST_STRIDE = 4;

  private final List<Integer> channels;

  protected Backbone(List<Integer> channels) {
    this.channels = List.copyOf(channels);
  }

  /** The number of channels of each map, finest first. */
  public final List<Integer> channels() {
    return channels;
  }

  /** Its layers in the order of the forward pass, and what belongs to each. */
  public final LayerNames layerNames() {
    return LayerNames.of(this);
  }

  /**
   * Computes the four maps of {@code image}, finest first, each {@code B C H W}. The image lies in
   * memory as {@code B H W C}, and convolutions keep that layout, so maps do too.
   */
  protected abstract NDList features(Pass pass, NDArray image);

  @Override
  protected final NDList forward(Pass pass, NDList inputs) {
    NDArray image = inputs.singletonOrThrow();
    long height = image.size(2);
    long width = image.size(3);
    if (Math.min(height, width) < SHORTEST_SIDE) {
      throw new IllegalArgumentException(
          "image is %d x %d; both sides must be at least %d pixels, so enlarge or pad it"
              .formatted(width, height, SHORTEST_SIDE));
    }
    return features(pass, Aten.toChannelsLast(image));
  }

  /** By strides and without computing: DJL's containers ask while they are put together. */
  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] maps = new Shape[channels.size()];
    for (int i = 0; i < maps.length; i++) {
      int stride = FIRST_STRIDE << i;
      maps[i] =
          new Shape(
              inputs[0].get(0),
              channels.get(i),
              knownSide(inputs[0].get(2), stride),
              knownSide(inputs[0].get(3), stride));
    }
    return maps;
  }

  private long knownSide(long pixels, int stride) {
    return pixels < 0 ? pixels : mapSide(pixels, stride);
  }

  /**
   * The side of the map of the given stride for an image of side {@code pixels}: rounded up, as
   * convolutions of stride two do that reach one pixel over the edge.
   */
  protected long mapSide(long pixels, int stride) {
    return (pixels + stride - 1) / stride;
  }
}
