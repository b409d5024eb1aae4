package org.segtrain.backbones;

import java.util.Locale;
import org.segtrain.backbones.hrformer.HrformerConfig;
import org.segtrain.backbones.hrvit.HrvitConfig;
import org.segtrain.backbones.mpvit.MpvitConfig;
import org.segtrain.backbones.pvt.PvtConfig;
import org.segtrain.backbones.shunted.ShuntedConfig;
import org.segtrain.names.Choice;

/**
 * The published variants, by name. A row is a variant: its architecture, the rate of stochastic
 * depth that its authors train segmentation with, and the paper. Where they publish no segmentation
 * (Shunted, MPViT tiny and xsmall, HRFormer tiny), the rate is that of classification.
 */
public enum BackboneVariant {
  PVT_TINY(PvtConfig.TINY, 0.1f, Papers.PVT),
  PVT_SMALL(PvtConfig.SMALL, 0.1f, Papers.PVT),
  PVT_MEDIUM(PvtConfig.MEDIUM, 0.1f, Papers.PVT),
  PVT_LARGE(PvtConfig.LARGE, 0.1f, Papers.PVT),
  SHUNTED_TINY(ShuntedConfig.TINY, 0.1f, Papers.SHUNTED),
  SHUNTED_SMALL(ShuntedConfig.SMALL, 0.2f, Papers.SHUNTED),
  SHUNTED_BASE(ShuntedConfig.BASE, 0.3f, Papers.SHUNTED),
  MPVIT_TINY(MpvitConfig.TINY, 0, Papers.MPVIT),
  MPVIT_XSMALL(MpvitConfig.XSMALL, 0, Papers.MPVIT),
  MPVIT_SMALL(MpvitConfig.SMALL, 0.2f, Papers.MPVIT),
  MPVIT_BASE(MpvitConfig.BASE, 0.4f, Papers.MPVIT),
  HRVIT_B1(HrvitConfig.B1, 0.1f, Papers.HRVIT),
  HRVIT_B2(HrvitConfig.B2, 0.2f, Papers.HRVIT),
  HRVIT_B3(HrvitConfig.B3, 0.3f, Papers.HRVIT),
  HRFORMER_TINY(HrformerConfig.TINY, 0, Papers.HRFORMER),
  HRFORMER_SMALL(HrformerConfig.SMALL, 0.2f, Papers.HRFORMER),
  HRFORMER_BASE(HrformerConfig.BASE, 0.2f, Papers.HRFORMER),
  HRFORMER_BASE_W13(HrformerConfig.BASE.withWindow(13), 0.2f, Papers.HRFORMER);

  private final BackboneConfig config;

  private final float dropPath;
  private final String source;

  BackboneVariant(BackboneConfig config, float dropPath, String source) {
    this.config = config;
    this.dropPath = dropPath;
    this.source = source;
  }

  /** A new backbone for inference or for training with the published stochastic depth. */
  public Backbone build() {
    return config.build(dropPath);
  }

  /** The architecture. */
  public BackboneConfig config() {
    return config;
  }

  /** The published rate of stochastic depth in the last layer, 0-1. */
  public float dropPath() {
    return dropPath;
  }

  /** Where the variant was published. */
  public String source() {
    return source;
  }

  /** The name at every border, {@code pvt_small}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The variant of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
   */
  public static BackboneVariant of(String name) {
    return Choice.of("backbone", values(), name);
  }

  /** Constants of an enum cannot stand before its rows. */
  private static final class Papers {
    static final String PVT =
        "Wang et al., Pyramid Vision Transformer, ICCV 2021, arXiv:2102.12122";
    static final String SHUNTED =
        "Ren et al., Shunted Self-Attention via Multi-Scale Token Aggregation, CVPR 2022,"
            + " arXiv:2111.15193";
    static final String MPVIT =
        "Lee et al., MPViT: Multi-Path Vision Transformer, CVPR 2022, arXiv:2112.11010";
    static final String HRVIT =
        "Gu et al., Multi-Scale High-Resolution Vision Transformer, CVPR 2022, arXiv:2111.01236";
    static final String HRFORMER =
        "Yuan et al., HRFormer: High-Resolution Transformer for Dense Prediction, NeurIPS 2021,"
            + " arXiv:2110.09408";
  }
}
