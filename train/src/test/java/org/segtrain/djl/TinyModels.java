package org.segtrain.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;

/** Models whose passes give the same each time: no dropout. */
final class TinyModels {

  private TinyModels() {}

  /** A model of the smallest backbone with new weights, the same each time. */
  static SegmentationModel of(HeadVariant head, int classes, NDManager manager) {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(BackboneVariant.PVT_TINY)
            .setHead(head)
            .setClasses(classes)
            .optDropPath(0)
            .optDropout(0)
            .build();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
    return model;
  }
}
