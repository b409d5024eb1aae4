package org.segtrain.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.ImageRules;

/**
 * Measures the images per second that one core reads and augments. Not part of the tests:
 *
 * <pre>
 * mvn -pl train -am test -Dtest=PipelineSpeed -Dtests.compiler= -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>{@code -Dpipeline.data=DIR,DIR} measures folders of one's own.
 */
final class PipelineSpeed {

  private static final Path DATA = Path.of("../../shared/data");
  private static final long NANOS = 1_000_000_000L;

  @Test
  void camvid() {
    assumeTrue(Files.isDirectory(DATA), "no data at " + DATA);
    measure(FolderDataset.open(DATA.resolve("camvid")), 360);
  }

  @Test
  void ade20k() {
    assumeTrue(Files.isDirectory(DATA), "no data at " + DATA);
    measure(Ade20kDataset.open(DATA.resolve("ade20k-sample")), 512);
  }

  @Test
  void others() {
    String folders = System.getProperty("pipeline.data");
    assumeTrue(folders != null, "no other data were asked for");
    for (String folder : folders.split(",", -1)) {
      System.out.print(folder + ": ");
      measure(FolderDataset.open(Path.of(folder)), 360);
    }
  }

  private static void measure(Dataset dataset, int crop) {
    Preparation pipeline = ImageRules.ALIGNED.training(crop, 0.5, 2, true);
    SplittableRandom random = new SplittableRandom(1);
    run(dataset, pipeline, random, 5); // until compiled
    double whole = run(dataset, pipeline, random, 10);
    double reading = run(dataset, (sample, unused) -> sample, random, 5);
    System.out.printf(
        "%s, crop %d: %.0f images per second and core (reading alone %.0f)%n",
        dataset.name(), crop, whole, reading);
  }

  private static double run(
      Dataset dataset, Preparation preparation, SplittableRandom random, int seconds) {
    int size = dataset.size(Split.TRAINING);
    ThreadMXBean clock = ManagementFactory.getThreadMXBean(); // other programs do not count
    long start = clock.getCurrentThreadCpuTime();
    int count = 0;
    while (clock.getCurrentThreadCpuTime() - start < seconds * NANOS) {
      preparation.apply(dataset.read(Split.TRAINING, count++ % size), random.split());
    }
    return count * (double) NANOS / (clock.getCurrentThreadCpuTime() - start);
  }
}
