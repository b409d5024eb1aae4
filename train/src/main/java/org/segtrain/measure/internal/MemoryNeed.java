package org.segtrain.measure.internal;

import ai.djl.Device;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * The least memory that a training step needs, bytes. Linux promises memory that it does not have
 * and kills the process later, without a word, so a run that cannot work is refused before.
 *
 * @param crop size of the crops
 * @param batch images of a forward pass
 * @param bytes needed at least
 */
public record MemoryNeed(ImageSize crop, int batch, double bytes) {

  /** Bytes for each pixel that pvt_tiny keeps for the backward pass, less than was measured. */
  private static final int ACTIVATIONS = 300;

  /** The enlarged scores of a class and their gradients, two fp32 numbers for each pixel. */
  private static final int SCORES = 8;

  public static MemoryNeed of(TrainConfig config, int classes) {
    double pixels = config.data().crop().pixels();
    int activations = config.run().precision() == Precision.BF16 ? ACTIVATIONS / 2 : ACTIVATIONS;
    double scores = pixels * SCORES * classes; // of one image at a time
    return new MemoryNeed(
        config.data().crop(),
        config.schedule().batch(),
        pixels * config.schedule().batch() * activations + scores);
  }

  /**
   * Does nothing if {@code device} may have enough.
   *
   * @throws DataException if it has not
   */
  public void check(Device device) {
    long there = Memory.machine();
    if (!device.isGpu() && bytes > there) { // a GPU says by itself what it lacks
      throw new DataException(
          ("training on %s of %d x %d pixels at once needs at least %s of memory, but this"
                  + " machine has %s; lower data.crop or schedule.batch")
              .formatted(
                  Counted.of(batch, "crop"),
                  crop.height(),
                  crop.width(),
                  Memory.size((long) bytes),
                  Memory.size(there)));
    }
  }
}
