package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Pass;

/**
 * The head of Semantic FPN: brings each level of a pyramid to a quarter of the image by
 * convolutions and doublings, and adds them. Kirillov et al., Panoptic Feature Pyramid Networks
 * (arXiv:1901.02446), section 3.1, figure 3.
 */
final class FpnHead extends SegmentationHead {

  private final Classifier classifier;
  private final List<List<ConvNorm>> levels = new ArrayList<>();

  /**
   * A head over a pyramid whose levels have the given channels, finest first, each half as large as
   * the one before.
   *
   * @param features channels of each convolution and of the map that the classifier reads, C
   * @param classes K of them
   * @param dropout share of the channels that training drops before the classifier, 0-1
   */
  FpnHead(List<Integer> channels, int features, Classes classes, float dropout) {
    super(classes.number());
    this.classifier = child("", Classifier.of(features, classes, dropout));
    for (int level = 0; level < channels.size(); level++) {
      int in = channels.get(level);
      List<ConvNorm> steps = new ArrayList<>();
      for (int step = 0; step < Math.max(1, level); step++) {
        String name = "scale_heads." + level + "." + (2 * step);
        steps.add(child(name, ConvModule.of(in, features, 3)));
        in = features;
      }
      levels.add(steps);
    }
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDArray sum = pass.through(levels.get(0).get(0), maps.get(0)); // B C H/4 W/4
    for (int level = 1; level < maps.size(); level++) {
      NDArray x = maps.get(level);
      for (ConvNorm step : levels.get(level)) {
        x = pass.through(step, x);
        x = Aten.resizeBilinear(x, 2 * x.size(2), 2 * x.size(3), false);
      }
      // the doublings miss the size of the finest map where a side of it was odd
      sum = Maps.addResized(sum, x);
    }
    return new NDList(pass.through(classifier, sum));
  }
}
