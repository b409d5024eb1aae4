package org.segtrain.heads;

import ai.djl.nn.Activation;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;

/** The two published forms of {@link OcrHead}, and the layers that each is made of. */
enum OcrStyle {
  /**
   * HRFormer's: convolutions keep their biases though batch norm follows, and a 3x3 convolution
   * comes before the coarse scores. Resizing keeps the centres of the corner pixels in place.
   */
  HRFORMER,

  /** MMSegmentation's: a cascade of a plain head for the coarse scores and one for the final. */
  MMSEGMENTATION;

  boolean alignCorners() {
    return this == HRFORMER;
  }

  /** Side of the kernels of the layer before the coarse scores. */
  int coarseKernel() {
    return this == HRFORMER ? 3 : 1;
  }

  /**
   * Channels of that layer, if the head reads {@code in} and its features have {@code features}.
   */
  int coarseFeatures(int in, int features) {
    return this == HRFORMER ? features : in;
  }

  /** A layer at the given place, from 0, of those that follow each other without another block. */
  ConvNorm layer(int place, int in, int out, int kernel) {
    if (this == MMSEGMENTATION) {
      return ConvModule.of(in, out, kernel);
    }
    String conv = String.valueOf(2 * place); // numbered with the norms; the latter with ReLU
    String norm = (2 * place + 1) + ".0";
    return new ConvNorm(conv, norm, Convolution.same(in, out, kernel), Activation::relu);
  }

  /** The name of a layer at the given place of a branch of two. */
  String ofTwo(OcrPart branch, int place) {
    String name = branch.in(this);
    return this == HRFORMER ? name : name + "." + place;
  }

  /** A classifier whose weights are as this form has them at first. */
  Classifier classifier(String name, int channels, Classes classes, float dropout) {
    return this == HRFORMER
        ? Classifier.ofTorch(name, channels, classes, dropout)
        : Classifier.of(name, channels, classes, dropout);
  }
}
