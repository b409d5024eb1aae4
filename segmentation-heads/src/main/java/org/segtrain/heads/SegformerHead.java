package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;

/**
 * The head of SegFormer, which only mixes channels: each map by itself, then all together. Xie et
 * al. (arXiv:2105.15203), section 3.2, equation 4.
 */
final class SegformerHead extends SegmentationHead {

  private final Classifier classifier;
  private final List<Block> branches = new ArrayList<>();
  private final ConvNorm fusion;

  /** What a branch does to its map. */
  enum Branch {
    /** A linear layer with bias, as the paper has it and HRViT. */
    LINEAR,
    /** A linear layer, batch norm and ReLU, as MMSegmentation has it. */
    NORMALIZED
  }

  /**
   * A head over maps of the given channels, finest first.
   *
   * @param features channels of each branch and of the map that the classifier reads, C
   * @param classes K of them
   * @param dropout share of the channels that training drops before the classifier, 0-1
   */
  SegformerHead(
      List<Integer> channels, int features, Branch branch, Classes classes, float dropout) {
    super(classes.number());
    this.classifier = child("", Classifier.of(features, classes, dropout));
    for (int i = 0; i < channels.size(); i++) {
      branches.add(branch("convs." + i, channels.get(i), features, branch));
    }
    this.fusion = child("fusion_conv", ConvModule.of(channels.size() * features, features, 1));
  }

  private Block branch(String name, int in, int out, Branch branch) {
    if (branch == Branch.NORMALIZED) {
      return child(name, ConvModule.of(in, out, 1));
    }
    Convolution convolution = Convolution.pointwise(in, out);
    return conv(name + ".conv", convolution, Initializers.kaimingNormalFanOut(convolution));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList mixed = new NDList();
    for (int i = 0; i < maps.size(); i++) {
      mixed.add(pass.through(branches.get(i), maps.get(i))); // B C Hᵢ Wᵢ
    }
    NDArray fused = pass.through(fusion, Maps.concat(mixed, false)); // B C H/4 W/4
    return new NDList(pass.through(classifier, fused));
  }
}
