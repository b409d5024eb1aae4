package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * A model with the steps that a service needs before and behind it: from images ({@link InputForm})
 * to results ({@link OutputForm}). Its parameters are those of the model, under the same names.
 */
final class DeployedModel extends ComposedBlock {

  private final SegmentationModel model;
  private final ImageRules rules;
  private final Deployment form;

  /**
   * Puts these steps around {@code model}.
   *
   * @param rules of its training
   */
  DeployedModel(SegmentationModel model, ImageRules rules, Deployment form) {
    this.model = child("", model);
    this.rules = rules;
    this.form = form;
  }

  @Override
  protected NDList forward(Pass pass, NDList inputs) {
    NDArray images = rounded(form.input().normalized(inputs.singletonOrThrow(), rules)); // B 3 H W
    NDArray logits = exact(pass.through(model, new NDList(images)).head()); // B K H/4 W/4
    return form.output().outputs(logits, images, model.alignCorners(), form.confidence());
  }

  private NDArray rounded(NDArray images) {
    boolean asItIs = form.precision() == Precision.FP32 || Aten.isBfloat16(images);
    return asItIs ? images : Aten.toBfloat16(images);
  }

  private NDArray exact(NDArray logits) {
    return form.precision() == Precision.FP32 ? logits : Aten.toFloat32(logits);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape image = form.input() == InputForm.UINT8 ? Layouts.channelsFirst(inputs[0]) : inputs[0];
    Shape logits = model.getOutputShapes(new Shape[] {image})[0];
    Shape pixels = new Shape(image.get(0), image.get(2), image.get(3));
    return switch (form.output()) {
      case LOGITS -> new Shape[] {logits};
      case FULL_LOGITS ->
          new Shape[] {new Shape(image.get(0), logits.get(1), image.get(2), image.get(3))};
      case CLASS_MAP -> form.confidence() ? new Shape[] {pixels, pixels} : new Shape[] {pixels};
    };
  }
}
