package org.segtrain.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import org.segtrain.augment.EvaluationResize;
import org.segtrain.data.Dataset;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.metrics.ClassMap;
import org.segtrain.metrics.ConfusionMatrix;
import org.segtrain.metrics.Metrics;
import org.segtrain.torchscript.Aten;
import org.segtrain.torchscript.Autograd;

/**
 * Runs a model on whole photographs: resized for the model, scores enlarged to the original size.
 * The weights must not change while it is open, and it serves one thread.
 */
final class Segmenter implements AutoCloseable {

  private final SegmentationModel model;
  private final EvaluationResize resize;
  private final Inputs inputs;
  private final NDManager scope;
  private final ParameterStore parameters;

  /** A segmenter whose short edges are {@code size} pixels. */
  Segmenter(NDManager manager, SegmentationModel model, Precision precision, int size) {
    this.model = model;
    this.resize = new EvaluationResize(size);
    this.inputs = new Inputs(precision);
    this.scope = manager.newSubManager();
    this.parameters = parameters(model, precision, scope);
  }

  /** A store for forward passes in the given precision, whose arrays die with {@code scope}. */
  static ParameterStore parameters(Block model, Precision precision, NDManager scope) {
    return precision == Precision.BF16
        ? new Bfloat16Parameters(model, scope)
        : new ParameterStore(scope, false);
  }

  /** The class of each pixel, at the picture's own size. */
  byte[] segment(Picture picture) {
    try (NDManager own = scope.newSubManager()) {
      long[] classes = classes(own, picture).toLongArray();
      byte[] bytes = new byte[classes.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) classes[i];
      }
      return bytes;
    }
  }

  /** Compares the predictions for a whole split with its labels. */
  Metrics evaluate(Dataset dataset, Split split) {
    try (NDManager own = scope.newSubManager()) {
      ConfusionMatrix matrix = new ConfusionMatrix(own, dataset.classes().size(), Sample.VOID);
      for (int i = 0; i < dataset.size(split); i++) {
        Sample sample = dataset.read(split, i);
        try (NDManager one = own.newSubManager()) {
          NDArray labels = inputs.labels(one, sample.labels(), sample.height(), sample.width());
          matrix.add(classes(one, sample.picture()), labels);
        }
      }
      return Metrics.of(dataset.classes(), matrix.rows());
    }
  }

  @SuppressWarnings("try") // the switch is there to be closed
  private NDArray classes(NDManager own, Picture picture) { // 1 H W, int64
    try (Autograd off = Autograd.off()) {
      NDArray image = inputs.image(own, resize.apply(picture));
      NDArray scores = model.forward(parameters, new NDList(image), false).head();
      return ClassMap.of(
          Aten.toFloat32(scores), picture.height(), picture.width(), model.alignCorners());
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
