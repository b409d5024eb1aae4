package org.segtrain.serving;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.djl.util.Utils;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.segtrain.images.Arguments;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;

/**
 * A photograph to the class of each of its pixels, at its own size. If the model reads another
 * size, its scores are enlarged; of a class map each pixel takes the nearest class. The model's
 * folder names the classes, in {@code synset.txt}. A model that gives confidences gives a {@link
 * ConfidentMask}.
 *
 * <p>It has no state: any number of predictors and threads may share one.
 */
public final class SegmentationTranslator implements Translator<Image, CategoryMask> {

  /** The file that names the classes, one a line. */
  public static final String CLASSES = "synset.txt";

  private static final Waiting<Framing> FRAMINGS = new Waiting<>("segtrain.framings");

  /** The argument that says how scores are enlarged. */
  public static final String ALIGN_CORNERS = "alignCorners";

  private final InputSize size;
  private final Batchifier batchifier;
  private final boolean alignCorners;

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
    this(size, batchifier, false);
  }

  /**
   * The same for a model that gives scores.
   *
   * @param alignCorners how they are enlarged: whether the centres of the corner scores stay in
   *     place
   */
  public SegmentationTranslator(InputSize size, Batchifier batchifier, boolean alignCorners) {
    this.size = size;
    this.batchifier = batchifier;
    this.alignCorners = alignCorners;
  }

  /** As {@code serving.properties} say. */
  static SegmentationTranslator of(Arguments arguments) {
    String batchifier = arguments.text("batchifier", "none");
    return new SegmentationTranslator(
        InputSize.of(arguments),
        Batchifier.fromString(batchifier),
        arguments.flag(ALIGN_CORNERS, false));
  }

  @Override
  public Batchifier getBatchifier() {
    return batchifier;
  }

  /**
   * Reads the names of the classes, and runs the model on small images, which makes the first
   * photograph faster and saves memory.
   */
  @Override
  public void prepare(TranslatorContext context) throws IOException {
    names(context);
    WarmUp.of(context);
  }

  @Override
  public NDList processInput(TranslatorContext context, Image photograph) {
    PixelSize own = new PixelSize(photograph.getWidth(), photograph.getHeight());
    PixelSize scaled = size.scaled(own);
    PixelSize whole = size.whole(scaled);
    requireArray(own, whole);
    FRAMINGS.add(context, new Framing(own, whole, size.padded() ? scaled : whole));
    NDArray array = array(context.getNDManager(), photograph, scaled, whole); // h w 3
    return new NDList(batchifier == null ? array.expandDims(0) : array);
  }

  /** A narrow photograph may be enlarged beyond what one array holds. */
  private static void requireArray(PixelSize photograph, PixelSize read) {
    if (3 * read.pixels() > Integer.MAX_VALUE - Long.BYTES) {
      throw new IllegalArgumentException(
          "a photograph of %d x %d pixels would be enlarged to %d x %d, which no array holds; crop it"
              .formatted(photograph.width(), photograph.height(), read.width(), read.height()));
    }
  }

  @Override
  public CategoryMask processOutput(TranslatorContext context, NDList output) throws IOException {
    NDArray classes = output.get(0); // h w, or 1 h w without a batchifier
    if (classes.getDataType() == DataType.FLOAT32) {
      return new CategoryMask(names(context), enlarged(classes, FRAMINGS.next(context)));
    }
    Shape shape = classes.getShape();
    int width = (int) shape.get(shape.dimension() - 1);
    Framing framing = FRAMINGS.next(context);
    Nearest nearest = new Nearest(width, framing.shown(), framing.photograph());
    int[][] mask = nearest.enlarged(classes.toByteArray());
    return output.size() == 1
        ? new CategoryMask(names(context), mask)
        : new ConfidentMask(names(context), mask, nearest.enlarged(output.get(1).toFloatArray()));
  }

  /** The classes of scores {@code K h w}, or {@code 1 K h w}. */
  private int[][] enlarged(NDArray scores, Framing framing) {
    Shape shape = scores.getShape();
    int axes = shape.dimension();
    int count = (int) shape.get(axes - 3);
    PixelSize own = new PixelSize((int) shape.get(axes - 1), (int) shape.get(axes - 2));
    ScoreRows rows = ScoreRows.of(scores.toFloatArray(), count, own);
    if (!framing.shown().equals(framing.whole())) { // padding is cut off at the model's size
      rows = rows.enlarged(framing.whole(), alignCorners).part(framing.shown());
    }
    return rows.enlarged(framing.photograph(), alignCorners).classes();
  }

  private NDArray array(NDManager manager, Image photograph, PixelSize scaled, PixelSize whole) {
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      Pixels pixels = Pixels.of(photograph, host).resized(scaled);
      return (size.padded() ? pixels.padded(whole) : pixels.resized(whole)).array(manager);
    }
  }

  /** The names of the classes; the model caches the file. */
  private static List<String> names(TranslatorContext context) throws IOException {
    return Collections.unmodifiableList(context.getModel().getArtifact(CLASSES, Utils::readLines));
  }
}
