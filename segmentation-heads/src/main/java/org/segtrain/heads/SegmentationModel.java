package org.segtrain.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Pass;

/**
 * A backbone and what reads its maps. Normalised images {@code B 3 H W ->} scores {@code B K H/4
 * W/4}; in training followed by auxiliary scores: those from inside the head, then those of the
 * auxiliary heads.
 */
public final class SegmentationModel extends ComposedBlock {

  private final Backbone backbone;
  private final Neck neck; // null if the heads read the backbone's maps
  private final SegmentationHead decodeHead;
  private final List<AuxiliaryHead> auxiliaryHeads;

  /**
   * A model of the given parts.
   *
   * @param neck may be null
   * @param auxiliaryHeads read the maps of the backbone, not of the neck
   */
  public SegmentationModel(
      Backbone backbone,
      Neck neck,
      SegmentationHead decodeHead,
      List<AuxiliaryHead> auxiliaryHeads) {
    this.backbone = child("backbone", backbone);
    this.neck = neck == null ? null : child("neck", neck);
    this.decodeHead = child(decodeHead.place(), decodeHead);
    this.auxiliaryHeads = List.copyOf(auxiliaryHeads);
    for (int i = 0; i < auxiliaryHeads.size(); i++) {
      String number = auxiliaryHeads.size() > 1 ? "." + i : "";
      child("auxiliary_head" + number, auxiliaryHeads.get(i).head());
    }
  }

  /**
   * A model of published parts, not yet initialised.
   *
   * @param classes K
   */
  public static SegmentationModel of(
      BackboneVariant backbone, HeadVariant head, int classes, Regularization regularization) {
    return head.around(
        backbone.config().build(regularization.dropPath()), classes, regularization.dropout());
  }

  /** The encoder. */
  public Backbone backbone() {
    return backbone;
  }

  /** The weight in the loss of each of the scores that training gives. */
  public List<Double> lossWeights() {
    List<Double> weights = new ArrayList<>(List.of(1.0));
    weights.addAll(decodeHead.auxiliaryWeights());
    auxiliaryHeads.forEach(auxiliary -> weights.add(auxiliary.weight()));
    return weights;
  }

  /** How scores are enlarged to the image, {@link SegmentationHead#alignCorners}. */
  public boolean alignCorners() {
    return decodeHead.alignCorners();
  }

  @Override
  protected NDList forward(Pass pass, NDList images) {
    NDList maps = pass.through(backbone, images);
    NDList pyramid = neck == null ? maps : pass.through(neck, maps);
    NDList scores = pass.through(decodeHead, pyramid); // B K H/4 W/4
    if (pass.training()) {
      for (AuxiliaryHead auxiliary : auxiliaryHeads) {
        scores.add(pass.through(auxiliary.head(), maps.get(auxiliary.map())));
      }
    }
    return scores;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return decodeHead.getOutputShapes(backbone.getOutputShapes(inputs));
  }
}
