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
public final class OcrHead extends SegmentationHead {

  private static final int FEATURES = 512;
  private static final int ATTENTION = 256; // channels
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
   * @param classes K
   * @param dropout share of the channels that training drops before the final classifier, 0-1
   */
  public OcrHead(List<Integer> channels, OcrStyle style, int classes, float dropout) {
    super(classes);
    this.style = style;
    OcrStyle.Names names = style.names();
    int in = channels.stream().mapToInt(Integer::intValue).sum();
    this.features = child(names.features(), style.layer(0, in, FEATURES, 3));
    this.context = child(names.context(), new ObjectContext(style, FEATURES, ATTENTION));
    this.classifier = child("", style.classifier(names.scores(), FEATURES, classes, dropout));
    int coarseFeatures = style.coarseFeatures(in, FEATURES);
    this.coarse = child(names.coarse(), style.layer(0, in, coarseFeatures, style.coarseKernel()));
    this.coarseClassifier =
        child("", style.classifier(names.coarseScores(), coarseFeatures, classes, 0));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDArray x = Maps.concat(maps, alignCorners()); // B ΣCᵢ H/4 W/4
    NDArray coarseScores = pass.through(coarseClassifier, pass.through(coarse, x)); // B K H/4 W/4
    NDList pixels = new NDList(pass.through(features, x), coarseScores);
    NDArray mixed = pass.through(context, pixels).singletonOrThrow(); // B 512 H/4 W/4
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
    return style.names().head();
  }
}
