package org.segtrain.augment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.segtrain.config.DatasetVariant;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Order;

/**
 * Writes what the augmentation of a training does to photographs, a row for each sample, and the
 * photographs as they were read. {@code tools/augmentation.sh} runs it and compares the rows with
 * those of the published transforms.
 *
 * <pre>RULES CROP COUNT FOLDER DATASET DATA NAME...</pre>
 */
final class AugmentationStatistics {

  private static final int HUES = 180; // of OpenCV, two degrees each
  private static final long SEED = 0;

  private AugmentationStatistics() {}

  /** Where a crop comes from, in the photograph after it was resized. */
  private record Origin(int width, int height, int left, int top, boolean flipped) {}

  /** Draws {@code COUNT} samples of each training photograph whose name has one of NAME in it. */
  public static void main(String[] args) throws IOException {
    ImageRules rules = ImageRules.of(args[0]);
    int crop = Integer.parseInt(args[1]);
    int count = Integer.parseInt(args[2]);
    Path folder = Files.createDirectories(Path.of(args[3]));
    Dataset dataset = DatasetVariant.of(args[4]).open(args[5]);
    TrainingPipeline pipeline = rules.training(crop, 0.5, 2, true);
    List<String> rows = new ArrayList<>();
    rows.add(
        "photograph,scale,aspect,left,top,flipped,share,padding,offset,red,redSpread,green,greenSpread,"
            + "blue,blueSpread,hue,hueSpread");
    for (int k = 6; k < args.length; k++) {
      int index = index(dataset, args[k]);
      Sample photograph = dataset.read(Split.TRAINING, index);
      write(folder.resolve("%d.ppm".formatted(k - 6)), "P6", photograph, photograph.rgb());
      write(folder.resolve("%d.pgm".formatted(k - 6)), "P5", photograph, photograph.labels());
      for (int i = 0; i < count; i++) {
        rows.add((k - 6) + "," + row(pipeline, photograph, i, index));
      }
    }
    Files.write(folder.resolve("segtrain.csv"), rows);
  }

  private static int index(Dataset dataset, String name) {
    return IntStream.range(0, dataset.size(Split.TRAINING))
        .filter(i -> dataset.file(Split.TRAINING, i).contains(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no training photograph is " + name));
  }

  private static void write(Path file, String kind, Sample sample, byte[] pixels)
      throws IOException {
    byte[] header =
        "%s %d %d 255\n"
            .formatted(kind, sample.width(), sample.height())
            .getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = Arrays.copyOf(header, header.length + pixels.length);
    System.arraycopy(pixels, 0, bytes, header.length, pixels.length);
    Files.write(file, bytes);
  }

  private static String row(TrainingPipeline pipeline, Sample photograph, int epoch, int index) {
    Origin origin = origin(pipeline, photograph, Order.random(SEED, epoch, index));
    Sample made = pipeline.apply(photograph, Order.random(SEED, epoch, index));
    int width = Math.min(made.width(), origin.width);
    int height = Math.min(made.height(), origin.height);
    int corner = corner(pipeline, photograph, Order.random(SEED, epoch, index));
    int left = corner % made.width();
    int top = corner / made.width();
    double scaleX = origin.width / (double) photograph.width();
    double scaleY = origin.height / (double) photograph.height();
    List<Double> values =
        new ArrayList<>(
            List.of(
                Math.sqrt(scaleX * scaleY),
                scaleX / scaleY,
                origin.left / (double) origin.width,
                origin.top / (double) origin.height,
                origin.flipped ? 1.0 : 0.0,
                share(made.labels()),
                1 - width * height / (double) (made.width() * made.height()),
                (left + top) / (double) made.width()));
    values.addAll(colours(part(made, left, top, width, height), width, height));
    return String.join(
        ",", values.stream().map(v -> String.format(Locale.ROOT, "%.6f", v)).toList());
  }

  /** Where the crop begins in the padded square. Labels decide over no crop that is padded so. */
  private static int corner(TrainingPipeline pipeline, Sample photograph, RandomGenerator random) {
    if (pipeline.place() == TrainingPipeline.Place.TOP_LEFT) {
      return 0;
    }
    Sample labelled =
        new Sample(
            photograph.name(),
            photograph.width(),
            photograph.height(),
            photograph.rgb(),
            new byte[photograph.labels().length]);
    byte[] labels = pipeline.apply(labelled, random).labels();
    return IntStream.range(0, labels.length).filter(i -> labels[i] == 0).findFirst().orElseThrow();
  }

  private static byte[] part(Sample made, int left, int top, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int from = 3 * ((top + y) * made.width() + left);
      System.arraycopy(made.rgb(), from, rgb, 3 * y * width, 3 * width);
    }
    return rgb;
  }

  /** Goes the same way with the pixels' numbers in the place of their colours. */
  private static Origin origin(
      TrainingPipeline pipeline, Sample photograph, RandomGenerator random) {
    Sample now = photograph;
    boolean flipped = false;
    for (Augmentation step : pipeline.whole()) {
      now = step.apply(step instanceof RandomFlip ? numbered(now) : now, random);
      flipped |= step instanceof RandomFlip && number(now) > 0;
    }
    int width = now.width();
    int height = now.height();
    int corner = 0;
    for (Augmentation step : pipeline.cropped()) {
      if (step instanceof RandomCrop) {
        now = step.apply(numbered(now), random);
        corner = number(now);
      } else if (step instanceof RandomFlip) {
        flipped |= number(step.apply(numbered(now), random)) > 0;
      }
    }
    return new Origin(width, height, corner % width, corner / width, flipped);
  }

  /** Of the first pixel. */
  private static int number(Sample numbered) {
    byte[] first = numbered.rgb();
    return ((first[0] & 0xFF) << 16) + ((first[1] & 0xFF) << 8) + (first[2] & 0xFF);
  }

  private static Sample numbered(Sample sample) {
    byte[] rgb = new byte[sample.rgb().length];
    for (int i = 0; i < sample.labels().length; i++) {
      rgb[3 * i] = (byte) (i >> 16);
      rgb[3 * i + 1] = (byte) (i >> 8);
      rgb[3 * i + 2] = (byte) i;
    }
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }

  /** Of the commonest class among the labelled pixels. */
  private static double share(byte[] labels) {
    int[] count = new int[256];
    for (byte label : labels) {
      count[label & 0xFF]++;
    }
    int labelled = labels.length - count[Sample.VOID];
    int most = Arrays.stream(count, 0, Sample.VOID).max().orElse(0);
    return labelled == 0 ? 0 : most / (double) labelled;
  }

  /** Mean and standard deviation of each channel, then those of the hue round its circle. */
  private static List<Double> colours(byte[] rgb, int width, int height) {
    List<Double> values = new ArrayList<>();
    double n = width * (double) height;
    for (int c = 0; c < 3; c++) {
      long sum = 0;
      long squares = 0;
      for (int i = c; i < rgb.length; i += 3) {
        int v = rgb[i] & 0xFF;
        sum += v;
        squares += (long) v * v;
      }
      values.add(sum / n);
      values.add(Math.sqrt(squares / n - Math.pow(sum / n, 2)));
    }
    double[] direction = new double[2];
    OpenCv.throughHsv(
        rgb,
        width,
        height,
        hsv -> {
          int[] count = new int[HUES];
          for (int i = 0; i < hsv.length; i += 3) {
            count[hsv[i] & 0xFF]++;
          }
          for (int hue = 0; hue < HUES; hue++) {
            direction[0] += count[hue] * Math.cos(2 * Math.PI * hue / HUES) / n;
            direction[1] += count[hue] * Math.sin(2 * Math.PI * hue / HUES) / n;
          }
        },
        rgb);
    values.add(Math.toDegrees(Math.atan2(direction[1], direction[0])));
    values.add(1 - Math.hypot(direction[0], direction[1]));
    return values;
  }
}
