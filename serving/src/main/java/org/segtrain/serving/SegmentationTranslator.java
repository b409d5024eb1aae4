package org.segtrain.serving;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.ArgumentsUtil;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.djl.util.Utils;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A photograph to the class of each of its pixels, at its own size; where the model reads another
 * size, each pixel has the class of the nearest one there. The model's folder names the classes, in
 * {@code synset.txt}. A model that gives confidences gives a {@link ConfidentMask}.
 *
 * <p>It has no state: any number of predictors and threads may share one.
 */
public final class SegmentationTranslator implements Translator<Image, CategoryMask> {

  private static final String CLASSES = "synset.txt";
  private static final Waiting<PixelSize> SIZES = new Waiting<>("segtrain.sizes");

  private final InputSize size;
  private final Batchifier batchifier;

  /** A translator that runs the photographs of a batch one by one, so they may differ in size. */
  public SegmentationTranslator(InputSize size) {
    this(size, null);
  }

  /**
   * A translator for batches.
   *
   * @param batchifier {@link Batchifier#STACK} for photographs that all go into the model at one
   *     size; null to run them one by one
   */
  public SegmentationTranslator(InputSize size, Batchifier batchifier) {
    this.size = size;
    this.batchifier = batchifier;
  }

  /** As {@code serving.properties} say. */
  static SegmentationTranslator of(Map<String, ?> arguments) {
    String batchifier = ArgumentsUtil.stringValue(arguments, "batchifier", "none");
    return new SegmentationTranslator(InputSize.of(arguments), Batchifier.fromString(batchifier));
  }

  @Override
  public Batchifier getBatchifier() {
    return batchifier;
  }

  /** Runs the model on small images, which makes the first photograph faster and saves memory. */
  @Override
  public void prepare(TranslatorContext context) {
    WarmUp.of(context);
  }

  @Override
  public NDList processInput(TranslatorContext context, Image photograph) {
    PixelSize own = new PixelSize(photograph.getWidth(), photograph.getHeight());
    SIZES.add(context, own);
    NDArray pixels = photograph.toNDArray(context.getNDManager(), Image.Flag.COLOR); // H W 3
    NDArray fitted = resized(pixels, own, size.of(own)); // h w 3
    return new NDList(batchifier == null ? fitted.expandDims(0) : fitted);
  }

  @Override
  public CategoryMask processOutput(TranslatorContext context, NDList output) throws IOException {
    NDArray classes = output.get(0); // h w, or 1 h w without a batchifier
    Shape shape = classes.getShape();
    int axes = shape.dimension();
    PixelSize size = new PixelSize((int) shape.get(axes - 1), (int) shape.get(axes - 2));
    Nearest nearest = new Nearest(size, SIZES.next(context));
    int[][] mask = nearest.enlarged(classes.toByteArray());
    return output.size() == 1
        ? new CategoryMask(names(context), mask)
        : new ConfidentMask(names(context), mask, nearest.enlarged(output.get(1).toFloatArray()));
  }

  private static NDArray resized(NDArray pixels, PixelSize from, PixelSize to) {
    if (from.equals(to)) {
      return pixels.toType(DataType.UINT8, false);
    }
    NDArray exact =
        pixels.toType(DataType.FLOAT32, false); // else the result is cut off, not rounded
    return NDImageUtils.resize(exact, to.width(), to.height(), Image.Interpolation.BILINEAR)
        .round()
        .toType(DataType.UINT8, false);
  }

  /** The model keeps what it has read. */
  private static List<String> names(TranslatorContext context) throws IOException {
    return Collections.unmodifiableList(context.getModel().getArtifact(CLASSES, Utils::readLines));
  }
}
