package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.mpvit.MpvitConfig.HeadGroup;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Mixes the values of each head with those nearby, through kernels of a size for each group of
 * heads: {@code R(V)}, {@code B H W C}. Of CoaT (arXiv:2104.06399), shared by all layers of a path.
 */
final class ConvRelativePositionEncoding extends UnaryBlock {

  private final List<Conv2d> convs = new ArrayList<>();
  private final long[] starts; // of the groups but the first, channels

  ConvRelativePositionEncoding(int dim) {
    int headDim = dim / MpvitConfig.HEADS;
    List<HeadGroup> groups = MpvitConfig.HEAD_GROUPS;
    this.starts = new long[groups.size() - 1];
    int end = 0;
    for (int i = 0; i < groups.size(); i++) {
      int channels = groups.get(i).heads() * headDim;
      int kernel = groups.get(i).kernel();
      convs.add(conv("conv_list." + i, Convolution.depthwise(channels, kernel)));
      end += channels;
      if (i < starts.length) {
        starts[i] = end;
      }
    }
  }

  @Override
  protected NDArray forward(Pass pass, NDArray v) {
    NDList groups = v.split(starts, 3); // B H W heads·d for each
    NDList encoded = new NDList();
    for (int i = 0; i < convs.size(); i++) {
      encoded.add(pass.throughMap(convs.get(i), groups.get(i)));
    }
    return NDArrays.concat(encoded, 3); // B H W C
  }
}
