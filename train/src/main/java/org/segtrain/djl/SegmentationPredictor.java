package org.segtrain.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.segtrain.data.Picture;
import org.segtrain.inference.TrainedModel;

/**
 * A predictor of DJL with a trained model: the class of each pixel of a photograph, at its own
 * size, exactly as {@link TrainedModel#segment} gives it. The photographs of a batch may differ in
 * size.
 *
 * <p>The model must stay open. Several predictors, each in a thread, may share it; they take turns.
 */
public final class SegmentationPredictor extends Predictor<Image, CategoryMask> {

  private final TrainedModel trained;

  private SegmentationPredictor(TrainedModel trained, Model shell) {
    super(shell, new PhotographTranslator(trained.classes()), Device.cpu(), false);
    this.trained = trained;
  }

  /** A predictor with {@code trained}, of any block, which it does not close. */
  public static SegmentationPredictor of(TrainedModel trained) {
    Objects.requireNonNull(trained, "trained");
    Model shell = Model.newInstance("segtrain", Device.cpu(), "PyTorch"); // holds pixels only
    shell.setBlock(trained.block());
    return new SegmentationPredictor(trained, shell);
  }

  /** {@code H W 3 -> H W}, both uint8. */
  @Override
  protected NDList predictInternal(TranslatorContext context, NDList photograph) {
    NDArray pixels = photograph.singletonOrThrow();
    int height = (int) pixels.size(0);
    int width = (int) pixels.size(1);
    byte[] classes = segment(new Picture(width, height, pixels.toByteArray()));
    NDManager manager = context.getNDManager();
    Shape shape = new Shape(height, width);
    return new NDList(manager.create(ByteBuffer.wrap(classes), shape, DataType.UINT8));
  }

  private byte[] segment(Picture picture) {
    synchronized (trained) { // which one thread at a time may use
      return trained.segment(picture);
    }
  }

  @Override
  public void close() {
    super.close();
    model.close();
  }
}
