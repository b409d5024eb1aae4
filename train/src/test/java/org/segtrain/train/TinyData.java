package org.segtrain.train;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;

/** Four pictures to learn from and two to measure on: noise on stripes of three classes. */
public record TinyData(List<String> classes, Runnable onValidation) implements Dataset {

  static final int SIZE = 64;

  public static final TinyData STANDARD = new TinyData(List.of("sky", "tree", "road"), () -> {});

  /** Other names for the classes. */
  public TinyData withClasses(String... names) {
    return new TinyData(List.of(names), onValidation);
  }

  /** Calls {@code action} whenever a validation sample is read. */
  TinyData onValidation(Runnable action) {
    return new TinyData(classes, action);
  }

  @Override
  public String name() {
    return "tiny";
  }

  @Override
  public int size(Split split) {
    return split == Split.TRAINING ? 4 : 2;
  }

  @Override
  public String file(Split split, int index) {
    return "%s-%d.png".formatted(split, index);
  }

  @Override
  public Sample read(Split split, int index) {
    if (split == Split.VALIDATION) {
      onValidation.run();
    }
    return picture(file(split, index), SIZE, SIZE, index);
  }

  /** Stripes of 16 pixels, the colours of a class far from the others'. */
  public static Sample picture(String name, int width, int height, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] rgb = new byte[3 * width * height];
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      int k = (int) ((i % width / 16 + i / width / 16 + seed) % 3);
      labels[i] = (byte) k;
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) ((c == k ? 180 : 40) + random.nextInt(40));
      }
    }
    return new Sample(name, width, height, rgb, labels);
  }

  /** Pictures of those seeds in one batch. */
  public static Batch batch(int side, long... seeds) {
    List<Sample> pictures =
        Arrays.stream(seeds)
            .mapToObj(seed -> picture("picture-%d.png".formatted(seed), side, side, seed))
            .toList();
    return Batch.of(pictures, pictures.stream().map(Sample::name).toList());
  }
}
