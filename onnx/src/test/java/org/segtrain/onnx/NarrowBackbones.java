package org.segtrain.onnx;

import java.util.List;
import org.segtrain.backbones.hrformer.HrformerConfig;
import org.segtrain.backbones.hrvit.HrvitConfig;

/** High-resolution backbones of few channels, for images that are large enough for windows. */
final class NarrowBackbones {

  /** Every stage, branch and kind of window; of several equal layers the first two. */
  static final HrvitConfig HRVIT =
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

  /** Every stage and branch; of several equal modules the first two. */
  static final HrformerConfig HRFORMER =
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

  private NarrowBackbones() {}
}
