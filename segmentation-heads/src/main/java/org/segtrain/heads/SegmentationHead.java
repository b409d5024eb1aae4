package org.segtrain.heads;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.nn.ComposedBlock;

/**
 * A classifier of pixels: maps, finest first, to the scores of K classes on the finest, {@code B K
 * H/4 W/4}. In training these may be followed by auxiliary scores from inside the head.
 */
public abstract class SegmentationHead extends ComposedBlock {

  private final int classes;

  /**
   * A head for that many classes.
   *
   * @param classes K
   */
  protected SegmentationHead(int classes) {
    this.classes = classes;
  }

  /** The number of classes, K. */
  public final int classes() {
    return classes;
  }

  /** The weights in the loss of the auxiliary scores that it gives in training. */
  public List<Double> auxiliaryWeights() {
    return List.of();
  }

  /**
   * Whether the centres of its corner scores stay in place when the scores are enlarged to the
   * image, rather than their edges.
   */
  public boolean alignCorners() {
    return false;
  }

  /** Its part of the state dict as the decoder of a model; empty for the top level. */
  String place() {
    return "decode_head";
  }

  /** Without computing: DJL's containers ask while they are put together. */
  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    Shape finest = inputs[0];
    return new Shape[] {new Shape(finest.get(0), classes, finest.get(2), finest.get(3))};
  }
}
