package com.example;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import java.nio.file.Path;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.weights.Weights;

/** A program of a user: photographs in, classes out, with the folder of a run and no export. */
final class PredictsWithARun {

  private PredictsWithARun() {}

  static CategoryMask predict(Path run, Image photograph) throws TranslateException {
    try (TrainedModel trained = TrainedModel.load(run, Resources.usual(2));
        SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      return predictor.predict(photograph);
    }
  }

  /** A model with the weights of a checkpoint, for 12 classes. */
  static SegmentationModel load(NDManager manager, Path checkpoint) {
    SegmentationModel model =
        Weights.start(
            SegmentationModel.builder()
                .setBackbone("pvt_tiny")
                .setHead("fpn")
                .setClasses(12)
                .build(),
            checkpoint,
            manager);
    return model;
  }
}
