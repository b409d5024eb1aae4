package org.segtrain.export;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.pvt.PvtConfig;
import org.segtrain.backbones.pvt.PvtConfig.Stage;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;

/** Models with few channels: what is written round a model does not depend on their number. */
final class NarrowModels {

  private static final PvtConfig BACKBONE =
      new PvtConfig(
          List.of(
              new Stage(4, 16, 1, 8, 8, 2),
              new Stage(2, 32, 2, 8, 4, 2),
              new Stage(2, 80, 5, 4, 2, 2),
              new Stage(2, 128, 8, 4, 1, 2)));
  private static final int FEATURES = 32;

  private NarrowModels() {}

  /**
   * A model with new weights, on the CPU.
   *
   * @param seed equal ones give equal weights
   */
  static ExportSource of(HeadVariant head, int classes, long seed) {
    return of(head, classes, seed, Photographs.ofOwnSize(ImageRules.ALIGNED));
  }

  /** The same that was trained on such photographs. */
  static ExportSource of(HeadVariant head, int classes, long seed, Photographs photographs) {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed((int) seed);
    NDManager manager = engine.newBaseManager(Device.cpu());
    SegmentationModel model = block(head, classes);
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    return new ExportSource(
        manager,
        model,
        "narrow_pvt",
        head.toString(),
        ExportSource.names(classes),
        photographs,
        ExportSource.NEW,
        0);
  }

  /** A model, not initialised. */
  static SegmentationModel block(HeadVariant head, int classes) {
    return SegmentationModel.builder()
        .setBackbone(BACKBONE.build(0))
        .setHead(head)
        .optFeatures(FEATURES)
        .setClasses(classes)
        .build();
  }
}
