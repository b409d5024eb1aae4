package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.nn.LayerPlan;
import org.segtrain.nn.Recompute;
import org.segtrain.train.internal.ResidentMemory;

/**
 * Measures time and memory of one model on noise. The peak of memory is that of the whole process,
 * so each measurement wants a process of its own.
 *
 * @param backbone name of a backbone variant
 * @param head name of a head variant, or null for the bare backbone
 * @param size side of the images, pixels
 * @param batch images at a time
 * @param mode what is measured
 * @param precision of activations
 * @param warmUp passes before those that count
 * @param repeats passes that count
 */
public record Benchmark(
    String backbone,
    String head,
    int size,
    int batch,
    Mode mode,
    Precision precision,
    int warmUp,
    int repeats) {

  private static final int CLASSES = 150; // of ADE20K
  private static final int LARGEST = 99_999; // pixels, as of a crop
  private static final int MOST = 1_000_000; // images or passes

  /** What is measured. */
  public enum Mode {
    /** A forward pass without gradients. */
    INFERENCE,
    /** A forward pass and the gradients of all parameters; no loss, no optimiser. */
    TRAINING,
    /** The same, with the layers of the backbone computed again in the backward pass. */
    RECOMPUTE;

    /** The name at every border, {@code training}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was measured.
   *
   * @param median of the passes that count, milliseconds
   * @param fastest of them, milliseconds
   * @param slowest of them, milliseconds
   * @param peakBytes the most memory that the process ever had resident; 0 where the system does
   *     not say
   */
  public record Measurement(double median, double fastest, double slowest, long peakBytes) {}

  public Benchmark {
    within("size", size, 32, LARGEST);
    within("batch", batch, 1, MOST);
    within("warm-up", warmUp, 0, MOST);
    within("repeats", repeats, 1, MOST);
    if (mode != Mode.INFERENCE && batch == 1 && size < 64) {
      throw new UsageException(
          "size must be at least 64 with batch 1, since batch normalisation needs two values, but"
              + " is "
              + size);
    }
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(
          "%s must be from %d to %d, but is %d".formatted(name, least, most, value));
    }
  }

  /** The model with new weights; nothing is dropped at random. */
  private Block build(NDManager manager) {
    BackboneVariant variant = BackboneVariant.of(backbone);
    Block model =
        head == null
            ? variant.config().build(0)
            : SegmentationModel.builder()
                .setBackbone(variant)
                .setHead(head)
                .setClasses(CLASSES)
                .optDropPath(0)
                .optDropout(0)
                .build();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, size, size));
    return model;
  }

  /** The multiplications with addition of inference with one image. */
  public long multiplyAdds() {
    try (NDManager manager = NDManager.newBaseManager()) {
      return MultiplyAdds.of(build(manager), manager, size, size);
    }
  }

  /** Makes the passes. */
  public Measurement run(Resources resources) {
    try (NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch")) {
      Block model = build(manager);
      NDArray noise = manager.randomNormal(new Shape(batch, 3, size, size));
      NDArray images = precision == Precision.BF16 ? Aten.toBfloat16(noise) : noise;
      double[] milliseconds = new double[warmUp + repeats];
      for (int i = 0; i < milliseconds.length; i++) {
        long start = System.nanoTime();
        pass(manager, model, images);
        milliseconds[i] = (System.nanoTime() - start) / 1e6;
      }
      double[] counting = Arrays.copyOfRange(milliseconds, warmUp, milliseconds.length);
      Arrays.sort(counting);
      return new Measurement(
          counting[counting.length / 2],
          counting[0],
          counting[counting.length - 1],
          ResidentMemory.peak().orElse(0));
    }
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private void pass(NDManager manager, Block model, NDArray images) {
    boolean training = mode != Mode.INFERENCE;
    try (NDManager scope = manager.newSubManager();
        Autograd autograd = training ? Autograd.on() : Autograd.off()) {
      LayerPlan again = mode == Mode.RECOMPUTE ? LayerPlan.of(model) : LayerPlan.none();
      Recompute pass =
          new Recompute(scope, again, own -> Segmenter.parameters(model, precision, own));
      NDList outputs = model.forward(pass, new NDList(images), training);
      outputs.attach(scope);
      List<NDArray> exact = outputs.stream().map(Aten::toFloat32).toList();
      if (training) {
        List<NDArray> ones = exact.stream().map(NDArray::onesLike).toList();
        List<NDArray> gradients = pass.gradients(exact, ones, weights(model));
        gradients.get(0).sum().toFloatArray(); // waits for a GPU
      } else {
        exact.get(0).sum().toFloatArray();
      }
    }
  }

  private static List<NDArray> weights(Block model) {
    return StateDict.of(model).values().stream()
        .filter(Parameter::requiresGradient)
        .map(Parameter::getArray)
        .toList();
  }
}
