package org.segtrain.config;

import ai.djl.ndarray.NDArray;
import org.segtrain.errors.UsageException;
import org.segtrain.loss.LossMean;
import org.segtrain.loss.internal.Criterion;
import org.segtrain.loss.internal.LossTerms;

/**
 * The loss.
 *
 * @param terms a sum, such as {@code ce+0.5*lovasz}
 * @param auxiliary the same of auxiliary scores; empty for the same terms
 * @param mean the pixels over which its sums of pixels are averaged
 * @param classBalance how far rare classes are weighted up: 0 not, 1 until all count the same
 * @param labelSmoothing share of the target of a cross-entropy that is spread over all classes,
 *     0-1. Szegedy et al., Rethinking the Inception Architecture (arXiv:1512.00567), section 7
 */
public record LossConfig(
    String terms, String auxiliary, LossMean mean, double classBalance, double labelSmoothing) {

  public LossConfig {
    if (!(classBalance >= 0 && classBalance <= 1)) {
      throw new UsageException("loss.classBalance must be from 0 to 1, but is " + classBalance);
    }
    Checks.share("loss.labelSmoothing", labelSmoothing);
    LossTerms last = last(terms);
    LossTerms others = auxiliary(auxiliary, last);
    if (labelSmoothing > 0 && !last.canSmooth() && !others.canSmooth()) {
      throw new UsageException(
          "loss.labelSmoothing is %s, but loss.terms %s has no cross-entropy; add ce, or leave it 0"
              .formatted(labelSmoothing, terms));
    }
  }

  /**
   * The loss of the final scores.
   *
   * @param classWeights {@code K} factors, float32, on the device of the scores
   */
  public Criterion last(NDArray classWeights, boolean alignCorners) {
    return criterion(last(terms), classWeights, alignCorners);
  }

  /** The same of auxiliary scores. */
  public Criterion ofAuxiliary(NDArray classWeights, boolean alignCorners) {
    return criterion(auxiliary(auxiliary, last(terms)), classWeights, alignCorners);
  }

  /**
   * Whether a term is a sum over pixels, whose weights follow from {@code classBalance} and {@code
   * mean}.
   *
   * @param auxiliaries whether the model gives auxiliary scores in training
   */
  public boolean sumsPixels(boolean auxiliaries) {
    LossTerms last = last(terms);
    return last.sumPixels() || (auxiliaries && auxiliary(auxiliary, last).sumPixels());
  }

  /**
   * Whether the weight of a pixel depends on the labels of all batches of a step.
   *
   * @param scores how many arrays of scores the model gives in training
   */
  public boolean countsLabels(int scores) {
    LossTerms last = last(terms);
    boolean counts = last.countPixels() || (scores > 1 && auxiliary(auxiliary, last).countPixels());
    return mean == LossMean.VALID && counts;
  }

  private Criterion criterion(LossTerms sum, NDArray classWeights, boolean alignCorners) {
    return new Criterion(sum, mean, labelSmoothing, classWeights, alignCorners);
  }

  private static LossTerms last(String text) {
    return LossTerms.of("loss.terms", text);
  }

  private static LossTerms auxiliary(String text, LossTerms last) {
    return text.isEmpty() ? last : LossTerms.of("loss.auxiliary", text);
  }
}
