package org.segtrain.heads;

import ai.djl.nn.Activation;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;

/** The two published forms of {@link OcrHead}: their layers and what these are called. */
public enum OcrStyle {
  /**
   * HRFormer's: convolutions keep their biases though batch norm follows, a 3x3 convolution comes
   * before the coarse scores, and resizing keeps the centres of the corner pixels in place.
   */
  HRFORMER(
      new Names(
          "",
          "conv3x3",
          "aux_head",
          "aux_head.2",
          "ocr_distri_head",
          "object_context_block.f_pixel",
          "object_context_block.f_object",
          "object_context_block.f_down",
          "object_context_block.f_up",
          "conv_bn_dropout",
          "cls_head")),

  /** MMSegmentation's: a cascade of a plain head for the coarse scores and one for the final. */
  MMSEGMENTATION(
      new Names(
          "decode_head",
          "1.bottleneck",
          "0.convs.0",
          "0.conv_seg",
          "1.object_context_block",
          "query_project",
          "key_project",
          "value_project",
          "out_project",
          "bottleneck",
          "1.conv_seg"));

  /**
   * Names in the state dict.
   *
   * @param head of the whole head in a model
   * @param features of the layer that makes the features of the pixels
   * @param coarse of the layer before the coarse scores
   * @param coarseScores of the classifier that gives them
   * @param context of the block that holds the five below
   * @param scores of the classifier that gives the final scores
   */
  record Names(
      String head,
      String features,
      String coarse,
      String coarseScores,
      String context,
      String query,
      String key,
      String value,
      String out,
      String fusion,
      String scores) {}

  private final Names names;

  OcrStyle(Names names) {
    this.names = names;
  }

  Names names() {
    return names;
  }

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
  String ofTwo(String branch, int place) {
    return this == HRFORMER ? branch : branch + "." + place;
  }

  Classifier classifier(String name, int channels, int classes, float dropout) {
    return this == HRFORMER
        ? Classifier.ofTorch(name, channels, classes, dropout)
        : Classifier.of(name, channels, classes, dropout);
  }
}
