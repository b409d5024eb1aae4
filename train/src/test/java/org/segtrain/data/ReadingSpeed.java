package org.segtrain.data;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.DatasetVariant;

/**
 * Measures the images per second that one core reads and augments. {@code tools/peer/reading.py}
 * runs it beside OpenCV-Python.
 *
 * <pre>DATASET DATA CROP</pre>
 *
 * <p>For each line {@code read SECONDS} or {@code augment SECONDS} of the input it prints the
 * images per second of processor time, that of the compiler and the garbage collector included.
 */
final class ReadingSpeed {

  private static final double NANOS = 1e9;

  private final Dataset dataset;
  private final Preparation augmentation;
  private final SplittableRandom random = new SplittableRandom(1);
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private int count;

  private ReadingSpeed(Dataset dataset, int crop) {
    this.dataset = dataset;
    this.augmentation = ImageRules.ALIGNED.training(crop, 0.5, 2, true);
  }

  /** Answers until the input ends. */
  public static void main(String[] args) throws IOException {
    ReadingSpeed speed =
        new ReadingSpeed(DatasetVariant.of(args[0]).open(args[1]), Integer.parseInt(args[2]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      double seconds = Double.parseDouble(line.substring(space + 1));
      System.out.println(speed.measure(line.substring(0, space).equals("augment"), seconds));
    }
  }

  private double measure(boolean isAugmented, double seconds) {
    int size = dataset.size(Split.TRAINING);
    int first = count;
    long before = system.getProcessCpuTime();
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * NANOS) {
      Sample sample = dataset.read(Split.TRAINING, count++ % size);
      if (isAugmented) {
        augmentation.apply(sample, random.split());
      }
    }
    return (count - first) * NANOS / (system.getProcessCpuTime() - before);
  }
}
