package org.segtrain.heads;

import java.util.List;
import java.util.Locale;
import org.segtrain.backbones.Backbone;
import org.segtrain.names.Choice;

/** The heads, by name. Each builds a whole model around any backbone. */
public enum HeadVariant {
  /** Semantic FPN: a pyramid of 256 channels, then the head of 128. */
  FPN(0.1f, "Kirillov et al., Panoptic Feature Pyramid Networks, CVPR 2019, arXiv:1901.02446") {
    @Override
    SegmentationModel around(Backbone backbone, int classes, float dropout) {
      FpnNeck neck = new FpnNeck(backbone.channels(), 256);
      return new SegmentationModel(
          backbone, neck, new FpnHead(neck.channels(), classes, dropout), List.of());
    }
  };

  private final float dropout;
  private final String source;

  HeadVariant(float dropout, String source) {
    this.dropout = dropout;
    this.source = source;
  }

  /** A model of {@code backbone} and new heads, not yet initialised. */
  abstract SegmentationModel around(Backbone backbone, int classes, float dropout);

  /** The published dropout before the classifier, 0-1. */
  public float dropout() {
    return dropout;
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
}
