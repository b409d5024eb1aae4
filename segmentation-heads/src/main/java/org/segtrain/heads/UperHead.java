package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Pass;

/**
 * The head of UPerNet: a feature pyramid whose top sees the whole image, all levels of it fused.
 * Xiao et al., Unified Perceptual Parsing for Scene Understanding (arXiv:1807.10221), section 3.1,
 * figure 4.
 */
final class UperHead extends SegmentationHead {

  private final Classifier classifier;
  private final PyramidPooling pooling;
  private final List<ConvNorm> laterals = new ArrayList<>();
  private final List<ConvNorm> smoothings = new ArrayList<>();
  private final ConvNorm fusion;

  /**
   * A head over maps of the given channels, finest first.
   *
   * @param features channels of each level and of the map that the classifier reads, C
   * @param classes K of them
   * @param dropout share of the channels that training drops before the classifier, 0-1
   */
  UperHead(List<Integer> channels, int features, Classes classes, float dropout) {
    super(classes.number());
    int top = channels.size() - 1;
    this.classifier = child("", Classifier.of(features, classes, dropout));
    this.pooling = child("", new PyramidPooling(channels.get(top), features));
    for (int i = 0; i < top; i++) {
      ConvNorm lateral = ConvModule.of(channels.get(i), features, 1);
      laterals.add(child("lateral_convs." + i, lateral));
    }
    for (int i = 0; i < top; i++) {
      ConvNorm smoothing = ConvModule.of(features, features, 3);
      smoothings.add(child("fpn_convs." + i, smoothing));
    }
    this.fusion = child("fpn_bottleneck", ConvModule.of(channels.size() * features, features, 3));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    int top = laterals.size();
    NDArray[] levels = new NDArray[top + 1];
    // 1. the top of the pyramid sees the whole image
    levels[top] = pass.through(pooling, maps.get(top)); // B C H/32 W/32
    // 2. lateral connections; top-down: each level adds the coarser one, enlarged
    for (int i = top - 1; i >= 0; i--) {
      NDArray lateral = pass.through(laterals.get(i), maps.get(i)); // B C Hᵢ Wᵢ
      levels[i] = Maps.addResized(lateral, levels[i + 1]);
    }
    // 3. a convolution on each level but the top, against the aliasing of the enlargement
    NDList pyramid = new NDList();
    for (int i = 0; i < top; i++) {
      pyramid.add(pass.through(smoothings.get(i), levels[i]));
    }
    pyramid.add(levels[top]);
    // 4. all levels at the size of the finest, fused
    NDArray fused = pass.through(fusion, Maps.concat(pyramid, false)); // B C H/4 W/4
    return new NDList(pass.through(classifier, fused));
  }
}
