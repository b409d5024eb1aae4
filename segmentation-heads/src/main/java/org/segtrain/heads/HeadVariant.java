package org.segtrain.heads;

import java.util.List;
import java.util.Locale;
import org.segtrain.backbones.Backbone;
import org.segtrain.heads.SegformerHead.Branch;
import org.segtrain.names.Choice;

/**
 * The heads, by name. A row is a head: how it is put around a backbone, the published dropout
 * before the classifier, and the paper.
 */
public enum HeadVariant {
  /** Semantic FPN: a pyramid of 256 channels, then a head of 128. */
  FPN(HeadVariant::fpn, 0.1f, Papers.FPN),
  /** UPerNet of 512 channels, and in training a plain head on the third map. */
  UPERNET(HeadVariant::upernet, 0.1f, Papers.UPERNET),
  /** One convolution over all maps, as HRNet has it. */
  FCN(HeadVariant::fcn, 0, Papers.HRNET),
  /** SegFormer of 256 channels, as in the paper and with HRViT-b1 and b2. */
  SEGFORMER(segformer(256, Branch.LINEAR), 0.1f, Papers.SEGFORMER),
  /** SegFormer of 768 channels, as with HRViT-b3. */
  SEGFORMER_768(segformer(768, Branch.LINEAR), 0.1f, Papers.SEGFORMER),
  /** SegFormer of 256 channels with norms in its branches, as MMSegmentation has it. */
  SEGFORMER_MMSEG(segformer(256, Branch.NORMALIZED), 0.1f, Papers.SEGFORMER),
  /** OCR as HRFormer has it. */
  OCR(ocr(OcrStyle.HRFORMER), 0.05f, Papers.OCR),
  /** OCR as MMSegmentation has it. */
  OCR_MMSEG(ocr(OcrStyle.MMSEGMENTATION), 0, Papers.OCR);

  /** A way to make a model, not yet initialised, of a backbone and new heads. */
  private interface Design {
    SegmentationModel around(Backbone backbone, int classes, float dropout);
  }

  private final Design design;
  private final float dropout;
  private final String source;

  HeadVariant(Design design, float dropout, String source) {
    this.design = design;
    this.dropout = dropout;
    this.source = source;
  }

  private static SegmentationModel fpn(Backbone backbone, int classes, float dropout) {
    FpnNeck neck = new FpnNeck(backbone.channels(), 256);
    FpnHead head = new FpnHead(neck.channels(), classes, dropout);
    return new SegmentationModel(backbone, neck, head, List.of());
  }

  private static SegmentationModel upernet(Backbone backbone, int classes, float dropout) {
    UperHead head = new UperHead(backbone.channels(), classes, dropout);
    int map = 2;
    FcnHead third = new FcnHead(List.of(backbone.channels().get(map)), 256, 3, classes, dropout);
    return new SegmentationModel(backbone, null, head, List.of(new AuxiliaryHead(third, map, 0.4)));
  }

  private static SegmentationModel fcn(Backbone backbone, int classes, float dropout) {
    List<Integer> channels = backbone.channels();
    int all = channels.stream().mapToInt(Integer::intValue).sum();
    return plain(backbone, new FcnHead(channels, all, 1, classes, dropout));
  }

  private static Design segformer(int features, Branch branch) {
    return (backbone, classes, dropout) ->
        plain(backbone, new SegformerHead(backbone.channels(), features, branch, classes, dropout));
  }

  private static Design ocr(OcrStyle style) {
    return (backbone, classes, dropout) ->
        plain(backbone, new OcrHead(backbone.channels(), style, classes, dropout));
  }

  private static SegmentationModel plain(Backbone backbone, SegmentationHead head) {
    return new SegmentationModel(backbone, null, head, List.of());
  }

  /** A model of {@code backbone} and new heads, not yet initialised. */
  SegmentationModel around(Backbone backbone, int classes, float dropout) {
    return design.around(backbone, classes, dropout);
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
   * @throws IllegalArgumentException if there is none, naming those there are
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
