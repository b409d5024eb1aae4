package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Pass;

/**
 * The head of OCR: coarse scores say which pixels make up an object, and each pixel is then
 * classified with the features of its object. Yuan et al., Object-Contextual Representations
 * (arXiv:1909.11065), section 3.2, figure 3. In training the coarse scores follow the final ones.
 */
final class OcrHead extends SegmentationHead {

  private static final double COARSE_WEIGHT = 0.4;

  private final OcrStyle style;
  private final ConvNorm features;
  private final ObjectContext context;
  private final Classifier classifier;
  private final ConvNorm coarse;
  private final Classifier coarseClassifier;

  /**
   * A head over maps of the given channels, finest first.
   *
   * @param features channels of the map that the classifier reads, C; it attends within half of
   *     them
   * @param classes K of them
   * @param dropout share of the channels that training drops before the final classifier, 0-1
   */
  OcrHead(List<Integer> channels, int features, OcrStyle style, Classes classes, float dropout) {
    super(classes.number());
    this.style = style;
    int in = channels.stream().mapToInt(Integer::intValue).sum();
    this.features = child(name(OcrPart.FEATURES), style.layer(0, in, features, 3));
    this.context = child(name(OcrPart.CONTEXT), new ObjectContext(style, features, features / 2));
    this.classifier = child("", style.classifier(name(OcrPart.SCORES), features, classes, dropout));
    int wide = style.coarseFeatures(in, features);
    this.coarse = child(name(OcrPart.COARSE), style.layer(0, in, wide, style.coarseKernel()));
    this.coarseClassifier =
        child("", style.classifier(name(OcrPart.COARSE_SCORES), wide, classes, 0));
  }

  private String name(OcrPart part) {
    return part.in(style);
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDArray x = Maps.concat(maps, alignCorners()); // B ΣCᵢ H/4 W/4
    NDArray coarseScores = pass.through(coarseClassifier, pass.through(coarse, x)); // B K H/4 W/4
    NDList pixels = new NDList(pass.through(features, x), coarseScores);
    NDArray mixed = pass.through(context, pixels).singletonOrThrow(); // B C H/4 W/4
    NDList scores = new NDList(pass.through(classifier, mixed)); // B K H/4 W/4
    return pass.training() ? scores.addAll(new NDList(coarseScores)) : scores;
  }

  @Override
  public List<Double> auxiliaryWeights() {
    return List.of(COARSE_WEIGHT);
  }

  @Override
  public boolean alignCorners() {
    return style.alignCorners();
  }

  @Override
  String place() {
    return name(OcrPart.HEAD);
  }
}
