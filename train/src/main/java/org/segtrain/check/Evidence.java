package org.segtrain.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;

/** Everything that was seen of a data set. */
final class Evidence {

  private final TrainConfig config;
  private final Dataset dataset;
  private final FileSet files;
  private final Map<Split, List<Read>> pairs = new EnumMap<>(Split.class);

  /**
   * A pair of which both can be read.
   *
   * @param labels pixels of each class, and at 255 of void; those of no class are not counted
   * @param weight how often training has it in an epoch, on average; 1 outside the training split
   */
  @SuppressWarnings("ArrayRecordComponent") // counts are looked at, never compared
  record Read(
      Split split,
      Listing.Pair pair,
      PhotographFacts photograph,
      MaskFacts mask,
      long[] labels,
      double weight) {

    String image() {
      return pair.image().toString();
    }

    String maskFile() {
      return pair.mask().toString();
    }

    /** Share of the pixels with a label that are void. */
    double voidShare() {
      return Evidence.voidShare(Arrays.stream(labels).asDoubleStream().toArray());
    }
  }

  /**
   * Joins what was seen.
   *
   * @param config of the training, for its crops and the meaning of masks
   * @param listings of the splits that have images
   * @param photographs those that can be read
   * @param masks those that can be read
   */
  Evidence(
      TrainConfig config,
      Dataset dataset,
      FileSet files,
      Map<Split, Listing> listings,
      Map<Path, PhotographFacts> photographs,
      Map<Path, MaskFacts> masks) {
    this.config = config;
    this.dataset = dataset;
    this.files = files;
    listings.forEach(
        (split, listing) -> {
          List<Read> both = new ArrayList<>();
          for (Listing.Pair pair : listing.pairs()) {
            PhotographFacts photograph = photographs.get(pair.image());
            MaskFacts mask = masks.get(pair.mask());
            if (photograph != null && mask != null) {
              double weight = split == Split.TRAINING ? files.weight(pair) : 1;
              both.add(new Read(split, pair, photograph, mask, labels(pair, mask), weight));
            }
          }
          pairs.put(split, List.copyOf(both));
        });
  }

  private long[] labels(Listing.Pair pair, MaskFacts mask) {
    long[] counts = new long[Sample.VOID + 1];
    mask.pixels()
        .forEach(
            (value, pixels) -> {
              OptionalInt label = files.label(pair, mask, value);
              if (label.isPresent()) {
                counts[label.getAsInt()] += pixels;
              }
            });
    return counts;
  }

  TrainConfig config() {
    return config;
  }

  FileSet files() {
    return files;
  }

  /** Whether the user says what the classes are, and not a published data set. */
  boolean hasOwnClasses() {
    return config.data().dataset().equals(DatasetVariant.FOLDER.toString());
  }

  List<String> classes() {
    return dataset.classes();
  }

  /** The folders that are trained together, by the numbers of their parts; empty of one. */
  List<String> folders() {
    List<DataPart> parts = config.data().parts();
    return parts.size() < 2 ? List.of() : parts.stream().map(DataPart::path).toList();
  }

  /** The splits that have images. */
  List<Split> splits() {
    return List.copyOf(pairs.keySet());
  }

  /** The pairs of a split of which both can be read. */
  List<Read> pairs(Split split) {
    return pairs.getOrDefault(split, List.of());
  }

  /** Those of all splits. */
  List<Read> pairs() {
    return pairs.values().stream().flatMap(List::stream).toList();
  }

  /** Pixels of each class, and at 255 of void, in a split. */
  long[] labels(Split split) {
    long[] sum = new long[Sample.VOID + 1];
    for (Read read : pairs(split)) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += read.labels()[k];
      }
    }
    return sum;
  }

  /** The same, with each training image as often as its weight says. */
  double[] weighted(Split split) {
    double[] sum = new double[Sample.VOID + 1];
    for (Read read : pairs(split)) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += read.weight() * read.labels()[k];
      }
    }
    return sum;
  }

  /** The meaning of a value of a mask, or of a colour. */
  OptionalInt label(Read read, int value) {
    return files.label(read.pair(), read.mask(), value);
  }

  /** Share of the pixels with a label that are void; 0 of none. */
  static double voidShare(double[] labels) {
    double all = Arrays.stream(labels).sum();
    return all == 0 ? 0 : labels[Sample.VOID] / all;
  }
}
