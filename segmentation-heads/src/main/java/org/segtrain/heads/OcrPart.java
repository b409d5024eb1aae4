package org.segtrain.heads;

/** A part of {@link OcrHead}: what the state dict calls it in either published form. */
enum OcrPart {
  /** The whole head in a model. */
  HEAD("", "decode_head"),
  /** The layer that makes the features of the pixels. */
  FEATURES("conv3x3", "1.bottleneck"),
  /** The layer before the coarse scores. */
  COARSE("aux_head", "0.convs.0"),
  /** The classifier that gives the coarse scores. */
  COARSE_SCORES("aux_head.2", "0.conv_seg"),
  /** The block that holds the five below. */
  CONTEXT("ocr_distri_head", "1.object_context_block"),
  QUERY("object_context_block.f_pixel", "query_project"),
  KEY("object_context_block.f_object", "key_project"),
  VALUE("object_context_block.f_down", "value_project"),
  OUT("object_context_block.f_up", "out_project"),
  FUSION("conv_bn_dropout", "bottleneck"),
  /** The classifier that gives the final scores. */
  SCORES("cls_head", "1.conv_seg");

  private final String inHrformer;
  private final String inMmsegmentation;

  OcrPart(String inHrformer, String inMmsegmentation) {
    this.inHrformer = inHrformer;
    this.inMmsegmentation = inMmsegmentation;
  }

  String in(OcrStyle style) {
    return style == OcrStyle.HRFORMER ? inHrformer : inMmsegmentation;
  }
}
