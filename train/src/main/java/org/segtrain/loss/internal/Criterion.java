package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.segtrain.engine.Scalars;
import org.segtrain.loss.LossMean;

/**
 * The loss of one of a model's scores: its terms, and the weights of pixels and classes in them.
 *
 * @param mean which pixels are counted
 * @param smoothing share of the target that is spread over all classes, 0-1
 * @param classWeights {@code K} factors, float32, on the device of the scores
 * @param alignCorners how the scores are enlarged
 */
public record Criterion(
    LossTerms terms, LossMean mean, double smoothing, NDArray classWeights, boolean alignCorners) {

  /**
   * The weights of a forward pass.
   *
   * @param scores the weight of these scores among the model's
   * @param pixel the weight of one pixel in the step, {@link PixelWeight}
   * @param pass the share of this forward pass in the step
   */
  public record Weight(double scores, double pixel, double pass) {}

  /**
   * The loss of a forward pass.
   *
   * @param scores {@code B K h w}, float32
   * @param labels {@code B H W}, int64
   */
  public SegmentationLoss of(NDArray scores, NDArray labels, Weight weight) {
    try (NDManager scope = scores.getManager().newSubManager()) {
      PixelLosses pixels = new PixelLosses(classWeights, smoothing);
      List<SegmentationLoss.Part> parts =
          terms.terms().stream().map(term -> part(term, pixels, scores, labels, weight)).toList();
      parts.forEach(part -> part.factor().attach(scope));
      parts.stream()
          .map(SegmentationLoss.Part::labels)
          .filter(own -> own != labels)
          .forEach(hard -> hard.attach(scope));
      return SegmentationLoss.of(scores, parts, alignCorners);
    }
  }

  private SegmentationLoss.Part part(
      LossTerm term, PixelLosses pixels, NDArray scores, NDArray labels, Weight weight) {
    Formula formula = term.formula(pixels);
    double images = term.isPer(Per.IMAGE) ? scores.size(0) : 1;
    return switch (term.variant().kind()) {
      case PLAIN, SMOOTHED ->
          part(formula, labels, scores, term.weight() * (weight.scores() * weight.pixel()), false);
      case HARD -> {
        HardPixels hard = hard(term, scores, labels);
        double own = term.weight() * weight.scores();
        SegmentationLoss.Part one =
            mean == LossMean.ALL
                ? part(formula, hard.labels(), scores, own * weight.pixel(), false)
                : new SegmentationLoss.Part(
                    formula, hard.labels(), hard.pixelWeight(own * weight.pass()), false);
        hard.count().close();
        yield one;
      }
      case REGION ->
          part(
              formula,
              labels,
              scores,
              term.weight() * (weight.scores() * weight.pass() / images),
              term.isPer(Per.BATCH));
    };
  }

  private static SegmentationLoss.Part part(
      Formula formula, NDArray labels, NDArray scores, double factor, boolean whole) {
    return new SegmentationLoss.Part(formula, labels, Scalars.of(scores, factor), whole);
  }

  private HardPixels hard(LossTerm term, NDArray scores, NDArray labels) {
    double probability = term.number("probability");
    int kept = (int) term.number("kept");
    return term.isPer(Per.BATCH)
        ? HardPixels.of(scores, labels, alignCorners, probability, kept)
        : HardPixels.ofEach(scores, labels, alignCorners, probability, kept);
  }
}
