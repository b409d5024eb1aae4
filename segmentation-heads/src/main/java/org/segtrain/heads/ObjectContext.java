package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * Features of the pixels {@code B C H W} and coarse scores {@code B K H W} to features {@code B C H
 * W} in which each pixel knows of the object that it belongs to. OCR (arXiv:1909.11065), section
 * 3.2, equations 1-5.
 */
final class ObjectContext extends ComposedBlock {

  private final List<ConvNorm> query;
  private final List<ConvNorm> key;
  private final ConvNorm value;
  private final ConvNorm out;
  private final ConvNorm fusion;

  /**
   * A block that attends within {@code dim} channels.
   *
   * @param features C
   */
  ObjectContext(OcrStyle style, int features, int dim) {
    this.query = two(style, OcrPart.QUERY, features, dim);
    this.key = two(style, OcrPart.KEY, features, dim);
    this.value = child(OcrPart.VALUE.in(style), style.layer(0, features, dim, 1));
    this.out = child(OcrPart.OUT.in(style), style.layer(0, dim, features, 1));
    this.fusion = child(OcrPart.FUSION.in(style), style.layer(0, 2 * features, features, 1));
  }

  private List<ConvNorm> two(OcrStyle style, OcrPart part, int in, int dim) {
    return List.of(
        child(style.ofTwo(part, 0), style.layer(0, in, dim, 1)),
        child(style.ofTwo(part, 1), style.layer(1, dim, dim, 1)));
  }

  @Override
  protected NDList forward(Pass pass, NDList inputs) {
    NDArray features = inputs.get(0);
    NDArray objects = objects(features, inputs.get(1)); // B C 1 K
    NDArray q = tokens(through(pass, query, features)); // B 1 HW d
    NDArray k = tokens(through(pass, key, objects)); // B 1 K d
    NDArray v = tokens(pass.through(value, objects)); // B 1 K d

    NDArray mixed = Aten.attention(q, k, v); // B 1 HW d
    long height = features.size(2);
    NDArray map = mixed.reshape(q.size(0), height, -1, q.size(3)); // B H W d
    NDArray context = pass.through(out, Layouts.channelsFirst(map)); // B C H W
    return new NDList(pass.through(fusion, NDArrays.concat(new NDList(context, features), 1)));
  }

  /**
   * The mean features of the pixels of each class, by how much they belong to it. With one logit
   * all pixels belong alike to the first class.
   */
  private static NDArray objects(NDArray features, NDArray scores) {
    NDArray belonging = Aten.softmax(tokens(scores), 2); // B 1 HW K, over the pixels
    NDArray objects = belonging.swapAxes(2, 3).matMul(tokens(features)); // B 1 K C
    return Layouts.channelsFirst(objects); // B C 1 K
  }

  private static NDArray through(Pass pass, List<ConvNorm> layers, NDArray x) {
    for (ConvNorm layer : layers) {
      x = pass.through(layer, x);
    }
    return x;
  }

  /** {@code B C H W -> B 1 HW C}. */
  private static NDArray tokens(NDArray map) {
    return Layouts.channelsLast(map).reshape(map.size(0), 1, -1, map.size(1));
  }
}
