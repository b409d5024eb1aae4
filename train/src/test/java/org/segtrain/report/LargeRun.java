package org.segtrain.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.images.PixelSize;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.internal.Tally;
import org.segtrain.train.TinyRuns;

/**
 * The folder of a run of 150 classes on images of 2,000 pixels, as if it had been trained. As a
 * program it says how long the report of 160,000 steps takes.
 */
final class LargeRun {

  static final int CLASSES = 150;

  private static final int IMAGES = 6;
  private static final int WIDTH = 2000;
  private static final int HEIGHT = 1500;

  /** Photographs of soft gradients and grain, with blocks of classes. */
  private record Scenes() implements Dataset {

    @Override
    public String name() {
      return "scenes";
    }

    @Override
    public List<String> classes() {
      return IntStream.range(0, CLASSES).mapToObj("class number %d"::formatted).toList();
    }

    @Override
    public int size(Split split) {
      return IMAGES;
    }

    @Override
    public String file(Split split, int index) {
      return "photographs/%s/%d.jpg".formatted(split, index);
    }

    @Override
    public Sample read(Split split, int index) {
      SplittableRandom random = new SplittableRandom(index);
      byte[] rgb = new byte[3 * WIDTH * HEIGHT];
      byte[] labels = new byte[WIDTH * HEIGHT];
      for (int i = 0; i < labels.length; i++) {
        int x = i % WIDTH;
        int y = i / WIDTH;
        labels[i] = (byte) ((x / 150 + 14 * (y / 150) + 7 * index) % CLASSES);
        for (int c = 0; c < 3; c++) {
          rgb[3 * i + c] = (byte) ((x + c * y) / 16 + random.nextInt(24));
        }
      }
      return new Sample(file(split, index), WIDTH, HEIGHT, rgb, labels);
    }
  }

  private LargeRun() {}

  /** Writes it; each image has errors of the model. */
  static RunFolder in(Path dir, int steps) throws IOException {
    RunFolder run = new RunFolder(dir);
    Scenes scenes = new Scenes();
    TrainConfig config = TinyRuns.CONFIG.with("schedule.iterations", steps);
    new RunWriter(run).begin(config, scenes.classes());
    writeLog(run.log(), steps, scenes.classes());
    Tally tally = new Tally(scenes.classes());
    List<byte[]> predictions = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      Sample sample = scenes.read(Split.VALIDATION, i);
      byte[] predicted = predicted(sample.labels(), i);
      tally.add(i, sample.name(), new PixelSize(WIDTH, HEIGHT), predicted, sample.labels());
      predictions.add(predicted);
    }
    Evaluation found = tally.evaluation();
    EvaluationPart.of("best", config, scenes, Split.VALIDATION, found).write(run.evaluation());
    List<Integer> order =
        Examples.of(found).stream().map(example -> example.image().index()).toList();
    int[] next = {0};
    Examples.write(
        run, Palette.of(CLASSES), scenes, found, unused -> predictions.get(order.get(next[0]++)));
    return run;
  }

  /** A tenth of the blocks is taken for other classes. */
  private static byte[] predicted(byte[] labels, int seed) {
    byte[] predicted = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      int cell = i % WIDTH / 50 + i / WIDTH / 50 * 31 + seed;
      predicted[i] = (byte) (cell % 10 == 0 ? (label + cell) % CLASSES : label);
    }
    return predicted;
  }

  private static void writeLog(Path log, int steps, List<String> classes) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    String iou =
        classes.stream()
            .map("\"%s\":0.5123456789012345"::formatted)
            .collect(Collectors.joining(","));
    try (BufferedWriter out = Files.newBufferedWriter(log)) {
      for (int step = 1; step <= steps; step++) {
        double loss = 0.3 + 3 / Math.sqrt(step) + 0.2 * random.nextDouble();
        out.write(
            String.format(
                Locale.ROOT,
                "{\"step\":%d,\"loss\":%.17f,\"losses\":[%.17f,%.17f],\"lr\":%.17f,\"grad_norm\":%.16f,\"images_per_s\":%.15f,\"resident_mb\":%d}%n",
                step,
                loss,
                0.8 * loss,
                0.2 * loss,
                6e-5 * (1 - step / (double) steps),
                1 + random.nextDouble(),
                20 + random.nextDouble(),
                5000 + step % 7));
        if (step % Math.max(1, steps / 100) == 0) {
          double mean = 0.45 - 1.0 / (1 + step);
          out.write(
              String.format(
                  Locale.ROOT,
                  "{\"step\":%d,\"mean_iou\":%f,\"mean_iou_interval\":[%f,%f],\"mean_accuracy\":0.6,\"accuracy\":0.8,\"iou\":{%s}}%n",
                  step,
                  mean,
                  mean - 0.01,
                  mean + 0.01,
                  iou));
        }
      }
    }
  }

  /** Prints the size of the log and the page, and the time of reading and writing. */
  public static void main(String[] arguments) throws IOException {
    Path dir = Files.createTempDirectory("large-run");
    RunFolder run = in(dir, 160_000);
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      RunContent content = RunContent.read(dir);
      long read = System.nanoTime();
      new RunPage(content).write(run.report());
      System.out.printf(
          "log %.1f MB read in %d ms, page of %.2f MB written in %d ms%n",
          Files.size(run.log()) / 1e6,
          (read - start) / 1_000_000,
          Files.size(run.report()) / 1e6,
          (System.nanoTime() - read) / 1_000_000);
    }
    System.out.println(dir);
  }
}
