package org.segtrain.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segtrain.check.CheckReport.ClassReport;
import org.segtrain.check.CheckReport.Largest;
import org.segtrain.check.CheckReport.SplitReport;
import org.segtrain.check.Evidence.Read;
import org.segtrain.data.Palette;
import org.segtrain.data.Split;

/** Counts what was seen. */
final class Summary {

  private final Evidence evidence;
  private final Palette palette;

  Summary(Evidence evidence, Palette palette) {
    this.evidence = evidence;
    this.palette = palette;
  }

  List<SplitReport> splits() {
    List<SplitReport> splits = new ArrayList<>();
    for (Split split : evidence.splits()) {
      List<Read> pairs = evidence.pairs(split);
      double voidShare = Evidence.voidShare(evidence.weighted(split));
      splits.add(new SplitReport(split, pairs.size(), sizes(pairs), voidShare));
    }
    return splits;
  }

  private static Map<String, Integer> sizes(List<Read> pairs) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Read read : pairs) {
      String size = "%d x %d".formatted(read.photograph().width(), read.photograph().height());
      counts.merge(size, 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  List<ClassReport> classes() {
    List<String> names = evidence.classes();
    Map<Split, long[]> pixels = new EnumMap<>(Split.class);
    Map<Split, double[]> shares = new EnumMap<>(Split.class);
    Map<Split, int[]> images = new EnumMap<>(Split.class);
    for (Split split : evidence.splits()) {
      pixels.put(split, evidence.labels(split));
      shares.put(split, shares(split, names.size()));
      images.put(split, images(split, names.size()));
    }
    double[] weights = weights(shares.getOrDefault(Split.TRAINING, new double[names.size()]));
    return IntStream.range(0, names.size())
        .mapToObj(
            k -> {
              Map<Split, Long> ofClass = new EnumMap<>(Split.class);
              pixels.forEach((split, counts) -> ofClass.put(split, counts[k]));
              Map<Split, Double> share = new EnumMap<>(Split.class);
              shares.forEach((split, values) -> share.put(split, values[k]));
              Map<Split, Integer> with = new EnumMap<>(Split.class);
              images.forEach((split, counts) -> with.put(split, counts[k]));
              return new ClassReport(
                  k, names.get(k), palette.hex(k), ofClass, share, with, weights[k]);
            })
        .toList();
  }

  private int[] images(Split split, int classes) {
    int[] with = new int[classes];
    for (Read read : evidence.pairs(split)) {
      for (int k = 0; k < classes; k++) {
        with[k] += read.labels()[k] > 0 ? 1 : 0;
      }
    }
    return with;
  }

  /** Of the labelled pixels, as training meets them; 0 of none. */
  private double[] shares(Split split, int classes) {
    double[] pixels = Arrays.copyOf(evidence.weighted(split), classes);
    double all = Arrays.stream(pixels).sum();
    return Arrays.stream(pixels).map(of -> all == 0 ? 0 : of / all).toArray();
  }

  private static double[] weights(double[] shares) {
    long occurring = Arrays.stream(shares).filter(share -> share > 0).count();
    return Arrays.stream(shares).map(share -> share == 0 ? 0 : 1 / (occurring * share)).toArray();
  }

  /** Null if no image can be read. */
  Largest largest() {
    return evidence.pairs().stream()
        .max(Comparator.comparingLong(read -> read.photograph().bytesToRead()))
        .map(
            read ->
                new Largest(
                    read.image(),
                    read.photograph().width(),
                    read.photograph().height(),
                    read.photograph().bytesToRead()))
        .orElse(null);
  }
}
