package org.segtrain.config;

import org.segtrain.backbones.BackboneVariant;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.names.Choice;

/**
 * The model, its dropout and its stochastic depth.
 *
 * @param backbone name of a backbone variant, or a program's name for its own
 * @param head name of a head variant; empty for a model that a program brings whole
 * @param oneLogit whether a head of two classes has one logit, that of the second, in the place of
 *     two
 * @param dropPath rate of stochastic depth in the last layer of the backbone, 0-1
 * @param dropout share of channels dropped before the classifier, 0-1
 */
public record ModelConfig(
    String backbone, String head, boolean oneLogit, float dropPath, float dropout) {

  public ModelConfig {
    if (backbone.isBlank()) {
      throw new UsageException("model.backbone is empty; name the backbone, or your own model");
    }
    if (oneLogit && head.isEmpty()) {
      throw new UsageException(
          "model.oneLogit is for a published head, but %s is a whole model of your own; let it give the scores of 2 classes, and leave model.oneLogit false"
              .formatted(backbone));
    }
    Checks.share("model.dropPath", dropPath);
    Checks.share("model.dropout", dropout);
  }

  /** Whether backbone and head are variants that segtrain can build. */
  public boolean isKnown() {
    return Choice.names(BackboneVariant.values()).contains(backbone)
        && Choice.names(HeadVariant.values()).contains(head);
  }

  /** The backbone. */
  public BackboneVariant backboneVariant() {
    return BackboneVariant.of(backbone);
  }

  /** The head. */
  public HeadVariant headVariant() {
    return HeadVariant.of(head);
  }

  /** The fewest images of a forward pass in training; 1 for a model that segtrain does not know. */
  int smallestBatch() {
    return isKnown() ? headVariant().smallestBatch() : 1;
  }
}
