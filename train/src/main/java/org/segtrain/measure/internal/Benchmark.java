package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Locale;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.Precision;
import org.segtrain.cuda.CudaMath;
import org.segtrain.cuda.GpuMemory;
import org.segtrain.engine.Aten;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.train.internal.ResidentMemory;

/**
 * Measures time and memory of one model on noise. The peak of memory is that of the whole process,
 * so each measurement wants a process of its own.
 *
 * @param size of the images
 * @param batch images at a time
 * @param mode the kind of pass
 * @param precision of activations
 * @param warmUp passes before those that count
 * @param repeats passes that count
 */
public record Benchmark(
    ImageSize size, int batch, Mode mode, Precision precision, int warmUp, int repeats) {

  private static final int LEAST = 32; // pixels, as every backbone reads
  private static final int LARGEST = 99_999; // pixels, as of a crop
  private static final int MOST = 1_000_000; // images or passes

  /** The kind of pass. */
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
   * The figures of a measurement.
   *
   * @param median of the passes that count, milliseconds
   * @param fastest of them, milliseconds
   * @param slowest of them, milliseconds
   * @param peakBytes the most memory that the process ever had resident, or the GPU memory in use,
   *     of all processes; 0 where the system does not say
   */
  public record Measurement(double median, double fastest, double slowest, long peakBytes) {}

  public Benchmark {
    within("size", size.shortEdge(), LEAST, LARGEST);
    within("batch", batch, 1, MOST);
    within("warm-up", warmUp, 0, MOST);
    within("repeats", repeats, 1, MOST);
    if (mode != Mode.INFERENCE && batch == 1 && Math.max(size.height(), size.width()) < 64) {
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

  /** Makes the passes. */
  public Measurement run(Subject subject, Resources resources) {
    try (NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
        Subject.Workload model = subject.open(manager, this)) {
      NDArray noise = manager.randomNormal(new Shape(batch, 3, size.height(), size.width()));
      NDArray images = precision == Precision.BF16 ? Aten.toBfloat16(noise) : noise;
      boolean tf32 = precision == Precision.TF32;
      if (mode == Mode.INFERENCE) {
        CudaMath.forInference(resources.device(), tf32);
      } else {
        CudaMath.forTraining(resources.device(), tf32);
      }
      double[] milliseconds = new double[warmUp + repeats];
      for (int i = 0; i < milliseconds.length; i++) {
        long start = System.nanoTime();
        model.pass(images);
        milliseconds[i] = (System.nanoTime() - start) / 1e6;
      }
      double[] counting = Arrays.copyOfRange(milliseconds, warmUp, milliseconds.length);
      Arrays.sort(counting);
      return new Measurement(
          counting[counting.length / 2],
          counting[0],
          counting[counting.length - 1],
          GpuMemory.used(resources.device()).orElseGet(() -> ResidentMemory.peak().orElse(0)));
    }
  }
}
