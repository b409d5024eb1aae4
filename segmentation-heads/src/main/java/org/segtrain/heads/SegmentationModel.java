package org.segtrain.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Pass;

/**
 * A backbone and the heads that read its maps. Normalised images {@code B 3 H W ->} scores {@code B
 * K H/4 W/4}; in training followed by auxiliary scores: those from inside the head, then those of
 * the auxiliary heads.
 */
public final class SegmentationModel extends ComposedBlock {

  private final Backbone backbone;
  private final List<ComposedBlock> decoder = new ArrayList<>(); // a neck, if any, and the head
  private final SegmentationHead decodeHead;
  private final List<AuxiliaryHead> auxiliaryHeads;

  SegmentationModel(Backbone backbone, Decoder parts) {
    this.backbone = child("backbone", backbone);
    parts.neck().ifPresent(neck -> decoder.add(child("neck", neck)));
    this.decodeHead = child(parts.head().place(), parts.head());
    decoder.add(decodeHead);
    this.auxiliaryHeads = parts.auxiliaryHeads();
    for (int i = 0; i < auxiliaryHeads.size(); i++) {
      child(auxiliaryName(i), auxiliaryHeads.get(i).head());
    }
  }

  /** Begins a model: {@code SegmentationModel.builder().setBackbone("pvt_small")...build()}. */
  public static SegmentationModelBuilder builder() {
    return new SegmentationModelBuilder();
  }

  /** The encoder. */
  public Backbone backbone() {
    return backbone;
  }

  /**
   * The parts behind the backbone, by name, in the order of the forward pass: a {@code neck}, if
   * there is one, and the {@code decode_head}; then auxiliary heads, which only training runs.
   */
  public Map<String, ComposedBlock> parts() {
    Map<String, ComposedBlock> parts = new LinkedHashMap<>();
    decoder.forEach(part -> parts.put(part == decodeHead ? "decode_head" : "neck", part));
    for (int i = 0; i < auxiliaryHeads.size(); i++) {
      parts.put(auxiliaryName(i), auxiliaryHeads.get(i).head());
    }
    return parts;
  }

  private String auxiliaryName(int i) {
    return "auxiliary_head" + (auxiliaryHeads.size() > 1 ? "." + i : "");
  }

  /** The number of classes, K. */
  public int classes() {
    return decodeHead.classes();
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
    NDList scores = maps;
    for (ComposedBlock part : decoder) {
      scores = pass.through(part, scores); // after the last: B K H/4 W/4
    }
    if (pass.training()) {
      for (AuxiliaryHead auxiliary : auxiliaryHeads) {
        scores.add(pass.through(auxiliary.head(), maps.get(auxiliary.map())));
      }
    }
    return scores;
  }

  /** Without computing: DJL's containers ask while they are put together. */
  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return decodeHead.getOutputShapes(backbone.getOutputShapes(inputs));
  }
}
