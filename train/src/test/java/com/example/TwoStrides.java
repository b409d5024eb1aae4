package com.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;

/** A backbone of a user: a convolution of stride two for each halving, a map from each but one. */
final class TwoStrides extends Backbone {

  private final List<Conv2d> halvings = new ArrayList<>();

  TwoStrides(int... channels) {
    super(Arrays.stream(channels).boxed().toList());
    halvings.add(conv("stem", Convolution.same(3, channels[0], 3).withStride(2)));
    int in = channels[0];
    for (int out : channels) {
      halvings.add(conv("conv" + halvings.size(), Convolution.same(in, out, 3).withStride(2)));
      in = out;
    }
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    NDArray x = image;
    for (Conv2d halving : halvings) {
      x = Activation.relu(pass.through(halving, x));
      maps.add(x);
    }
    return maps.subNDList(1); // strides 4, 8, 16, 32
  }
}
