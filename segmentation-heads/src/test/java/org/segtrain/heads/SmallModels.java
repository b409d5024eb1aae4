package org.segtrain.heads;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.backbones.hrformer.HrformerConfig;
import org.segtrain.backbones.hrvit.HrvitConfig;
import org.segtrain.torchscript.Samples;

/**
 * Models with few channels in heads and, where images must be large, in backbones: exports do not
 * depend on their number.
 */
final class SmallModels {

  private static final int CLASSES = 5;
  private static final int NARROW = 16; // times fewer channels than published
  private static final float DROPPED = 0.1f;
  private static final Samples IMAGES =
      Samples.ofImages(Backbone.SHORTEST_SIDE, 1, new Shape(-1, 3, -1, -1));

  /** Few pixels, for what need not hold above 128 of them on a side. */
  private static final Samples SMALL =
      Samples.ofShapes(
          images(1, 44, 101, 1, 115, 65, 1, 57, 110, 2, 110, 44, 1, 68, 122, 3, 91, 81),
          images(4, 36, 100, 5, 97, 33));

  /** HRViT with every stage, branch and kind of window; of several equal layers the first two. */
  private static final HrvitConfig HRVIT =
      new HrvitConfig(
          List.of(
              new HrvitConfig.Branch(8, 4, 1, 4),
              new HrvitConfig.Branch(16, 4, 2, 4),
              new HrvitConfig.Branch(32, 8, 7, 4),
              new HrvitConfig.Branch(64, 8, 7, 4)),
          List.of(
              List.of(1),
              List.of(1, 1),
              List.of(1, 1, 2),
              List.of(1, 1, 2),
              List.of(1, 1, 2, 2),
              List.of(1, 1, 2, 2)));

  /** HRFormer with every stage and branch; of several equal modules the first two. */
  private static final HrformerConfig HRFORMER =
      new HrformerConfig(
          List.of(
              new HrformerConfig.Branch(6, 1),
              new HrformerConfig.Branch(12, 2),
              new HrformerConfig.Branch(24, 4),
              new HrformerConfig.Branch(48, 8)),
          List.of(1, 1, 2),
          2,
          4,
          7);

  private SmallModels() {}

  private static List<Shape> images(int... sizes) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < sizes.length; i += 3) {
      shapes.add(new Shape(sizes[i], 3, sizes[i + 1], sizes[i + 2]));
    }
    return shapes;
  }

  static SegmentationModel of(String backbone, String head, NDManager manager) {
    return of(backbone, head, CLASSES, manager);
  }

  /** Of two classes with one logit. */
  static SegmentationModel ofOneLogit(String backbone, String head, NDManager manager) {
    return of(backbone, head, 2, manager);
  }

  private static SegmentationModel of(
      String backbone, String head, int classes, NDManager manager) {
    Backbone encoder = config(backbone).build(DROPPED);
    HeadVariant variant = HeadVariant.of(head);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(encoder)
            .setHead(variant)
            .setClasses(classes)
            .optOneLogit(classes == 2)
            .optFeatures(variant.features(encoder.channels()) / NARROW)
            .optDropout(DROPPED)
            .build();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
    return model;
  }

  private static BackboneConfig config(String backbone) {
    return switch (backbone) {
      case "hrvit" -> HRVIT;
      case "hrformer" -> HRFORMER;
      default -> BackboneVariant.of(backbone).config();
    };
  }

  /** Windows want sizes of more and of less than one of them at each stage. */
  static Samples samples(String backbone) {
    return backbone.startsWith("hr") ? IMAGES : SMALL;
  }
}
