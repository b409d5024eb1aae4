package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Pass;

/**
 * One convolution over all maps at the size of the finest, then the classifier. With 1x1 kernels it
 * is the head of HRNet (Sun et al., arXiv:1904.04514, section 3.2). On one map, with 3x3 kernels,
 * it is the auxiliary head that PSPNet introduced (arXiv:1612.01105, section 3.3).
 */
public final class FcnHead extends SegmentationHead {

  private final Classifier classifier;
  private final ConvNorm conv;

  /**
   * A head over maps of the given channels, finest first.
   *
   * @param features channels of the map that the classifier reads
   * @param kernel side of the kernels of the convolution, pixels
   * @param classes K
   * @param dropout share of the channels that training drops before the classifier, 0-1
   */
  public FcnHead(List<Integer> channels, int features, int kernel, int classes, float dropout) {
    this(channels, features, kernel, Classes.of(classes), dropout);
  }

  FcnHead(List<Integer> channels, int features, int kernel, Classes classes, float dropout) {
    super(classes.number());
    int in = channels.stream().mapToInt(Integer::intValue).sum();
    this.classifier = child("", Classifier.of(features, classes, dropout));
    this.conv = child("convs.0", ConvModule.of(in, features, kernel));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDArray x = maps.size() == 1 ? maps.head() : Maps.concat(maps, false); // B ΣCᵢ H₀ W₀
    return new NDList(pass.through(classifier, pass.through(conv, x)));
  }
}
