package org.segtrain.inference.internal;

import ai.djl.nn.Block;
import java.util.List;
import org.segtrain.heads.SegmentationModel;

/**
 * A block that segments, and how its scores are read. Normalised images {@code B 3 H W ->} scores
 * {@code B K h w}, which are enlarged to the image; in training auxiliary scores may follow.
 *
 * @param block the model
 * @param lossWeights the weight in the loss of each of the scores that training gives
 * @param alignCorners how scores are enlarged: whether the centres of the corner scores stay in
 *     place, rather than their edges
 */
public record Network(Block block, List<Double> lossWeights, boolean alignCorners) {

  public Network {
    lossWeights = List.copyOf(lossWeights);
  }

  /** A model of segtrain, or any block that gives one array of scores. */
  public static Network of(Block block) {
    return block instanceof SegmentationModel model
        ? new Network(model, model.lossWeights(), model.alignCorners())
        : new Network(block, List.of(1.0), false);
  }
}
