package org.segtrain.heads;

import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.segtrain.heads.SegformerHead.Branch;
import org.segtrain.names.Choice;

/**
 * The heads, by name. A row is a head: how it is made, its published channels and dropout before
 * the classifier, and the paper.
 */
public enum HeadVariant {
  /** Semantic FPN: a pyramid of 256 channels, then a head of 128. */
  FPN(HeadVariant::fpn, 256, 0.1f, Papers.FPN),
  /** UPerNet of 512 channels, and in training a plain head of 256 on the third map. */
  UPERNET(HeadVariant::upernet, 512, 0.1f, Papers.UPERNET),
  /** One convolution over all maps that keeps their channels, as HRNet has it. */
  FCN(HeadVariant::fcn, HeadVariant::sum, 0, Papers.HRNET),
  /** SegFormer of 256 channels, as in the paper and with HRViT-b1 and b2. */
  SEGFORMER(segformer(Branch.LINEAR), 256, 0.1f, Papers.SEGFORMER),
  /** SegFormer of 768 channels, as with HRViT-b3. */
  SEGFORMER_768(segformer(Branch.LINEAR), 768, 0.1f, Papers.SEGFORMER),
  /** SegFormer of 256 channels with norms in its branches, as MMSegmentation has it. */
  SEGFORMER_MMSEG(segformer(Branch.NORMALIZED), 256, 0.1f, Papers.SEGFORMER),
  /** OCR of 512 channels as HRFormer has it. */
  OCR(ocr(OcrStyle.HRFORMER), 512, 0.05f, Papers.OCR),
  /** OCR of 512 channels as MMSegmentation has it. */
  OCR_MMSEG(ocr(OcrStyle.MMSEGMENTATION), 512, 0, Papers.OCR);

  private static final double AUXILIARY_WEIGHT = 0.4;

  /** A way to make a head, not yet initialised. */
  private interface Design {
    Decoder decoder(HeadPlan plan);
  }

  private final Design design;
  private final ToIntFunction<List<Integer>> features;
  private final float dropout;
  private final String source;

  HeadVariant(Design design, int features, float dropout, String source) {
    this(design, channels -> features, dropout, source);
  }

  HeadVariant(Design design, ToIntFunction<List<Integer>> features, float dropout, String source) {
    this.design = design;
    this.features = features;
    this.dropout = dropout;
    this.source = source;
  }

  private static Decoder fpn(HeadPlan plan) {
    FpnNeck neck = new FpnNeck(plan.channels(), plan.features());
    return Decoder.of(
        neck, new FpnHead(neck.channels(), plan.features() / 2, plan.classes(), plan.dropout()));
  }

  private static Decoder upernet(HeadPlan plan) {
    int map = 2;
    List<Integer> third = List.of(plan.channels().get(map));
    FcnHead plain = new FcnHead(third, plan.features() / 2, 3, plan.classes(), plan.dropout());
    return Decoder.of(
            new UperHead(plan.channels(), plan.features(), plan.classes(), plan.dropout()))
        .with(List.of(new AuxiliaryHead(plain, map, AUXILIARY_WEIGHT)));
  }

  private static Decoder fcn(HeadPlan plan) {
    return Decoder.of(
        new FcnHead(plan.channels(), plan.features(), 1, plan.classes(), plan.dropout()));
  }

  private static Design segformer(Branch branch) {
    return plan ->
        Decoder.of(
            new SegformerHead(
                plan.channels(), plan.features(), branch, plan.classes(), plan.dropout()));
  }

  private static Design ocr(OcrStyle style) {
    return plan ->
        Decoder.of(
            new OcrHead(plan.channels(), plan.features(), style, plan.classes(), plan.dropout()));
  }

  private static int sum(List<Integer> channels) {
    return channels.stream().mapToInt(Integer::intValue).sum();
  }

  /** A new head, not yet initialised. */
  Decoder decoder(HeadPlan plan) {
    return design.decoder(plan);
  }

  /** The published channels inside the head, if it reads maps of {@code channels}. */
  int features(List<Integer> channels) {
    return features.applyAsInt(channels);
  }

  /** The published dropout before the classifier, 0-1. */
  public float dropout() {
    return dropout;
  }

  /**
   * The fewest images of a forward pass in training. UPerNet pools an image to one pixel, and batch
   * norm needs two.
   */
  public int smallestBatch() {
    return this == UPERNET ? 2 : 1;
  }

  /** Where the head was published. */
  public String source() {
    return source;
  }

  /** The name at every border, {@code fpn}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The head of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
   */
  public static HeadVariant of(String name) {
    return Choice.of("head", values(), name);
  }

  /** Constants of an enum cannot stand before its rows. */
  private static final class Papers {
    static final String FPN =
        "Kirillov et al., Panoptic Feature Pyramid Networks, CVPR 2019, arXiv:1901.02446";
    static final String UPERNET =
        "Xiao et al., Unified Perceptual Parsing for Scene Understanding, ECCV 2018,"
            + " arXiv:1807.10221";
    static final String HRNET =
        "Sun et al., High-Resolution Representations for Labeling Pixels and Regions, 2019,"
            + " arXiv:1904.04514";
    static final String SEGFORMER = "Xie et al., SegFormer, NeurIPS 2021, arXiv:2105.15203";
    static final String OCR =
        "Yuan et al., Object-Contextual Representations for Semantic Segmentation, ECCV 2020,"
            + " arXiv:1909.11065";
  }
}
