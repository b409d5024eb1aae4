package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;
import org.segtrain.torchscript.Aten;

/**
 * A classifier of pixels: maps, finest first, to the scores of K classes on the finest, {@code B K
 * H/4 W/4}. Each ends with dropout of channels and a 1x1 convolution, {@code conv_seg}.
 */
public abstract class SegmentationHead extends ComposedBlock {

  private static final double CLASSIFIER_STD = 0.01;

  private final int classes;
  private final float dropout;
  private final Conv2d classifier;

  /**
   * A head whose last map has {@code features} channels.
   *
   * @param classes K
   * @param dropout share of the channels that training drops before the classifier, 0-1
   */
  protected SegmentationHead(int features, int classes, float dropout) {
    this.classes = classes;
    this.dropout = dropout;
    this.classifier =
        conv(
            "conv_seg",
            Convolution.same(features, classes, 1),
            Initializers.normal(CLASSIFIER_STD));
  }

  /** Computes the map that the classifier reads, {@code B features H/4 W/4}. */
  protected abstract NDArray features(Pass pass, NDList maps);

  @Override
  protected final NDList forward(Pass pass, NDList maps) {
    NDArray x = features(pass, maps);
    x = pass.training() && dropout > 0 ? Aten.channelDropout(x, dropout) : x;
    return new NDList(pass.through(classifier, x)); // B K H/4 W/4
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    Shape finest = inputs[0];
    return new Shape[] {new Shape(finest.get(0), classes, finest.get(2), finest.get(3))};
  }
}
