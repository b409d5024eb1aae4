package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Compares the numbers of one section of a file, and remembers the worst of them.
 *
 * <p>The noise that the reference states is one random draw. So where gradients are
 * ill-conditioned, float32 may miss the tolerance of an array though the model is right. That array
 * is then undecided, and the run is to be repeated in float64.
 */
final class Comparison {

  private final String name;
  private final boolean decides;
  private int compared;
  private int inconclusive;
  private int undecided;
  private double worstRatio = -1;
  private double error;
  private double tolerance;
  private String entry = "";

  private Comparison(String name, boolean decides) {
    this.name = name;
    this.decides = decides;
  }

  /** Each array is right or wrong. */
  static Comparison deciding(String name) {
    return new Comparison(name, true);
  }

  /** An array may be undecided. */
  static Comparison undecided(String name) {
    return new Comparison(name, false);
  }

  /** Compares two numbers. */
  void number(String what, double actual, double expected, double allowed) {
    double difference = Math.abs(actual - expected);
    if (!decides && difference > allowed && difference <= Tolerance.rough(expected)) {
      undecided++;
      return;
    }
    compared++;
    judge(what, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference, allowed);
  }

  /** Compares two numbers that both were computed in float64. */
  void inFloat64(String what, double actual, double expected) {
    number(what, actual, expected, Tolerance.inFloat64(expected));
  }

  /** Compares two counts, which must be the same. */
  void count(String what, long actual, long expected) {
    number(what, (double) actual, (double) expected, 0);
  }

  /** Records something that is wrong altogether. */
  void failure(String what) {
    compared++;
    judge(what, Double.POSITIVE_INFINITY, 0);
  }

  /** Compares all that the reference says about an array. */
  void array(String what, Measured actual, GoldenArray golden) {
    if (!actual.shape().equals(golden.shape())) {
      failure("%s has shape %s, not %s".formatted(what, actual.shape(), golden.shape()));
    } else if (golden.zero()) {
      number(what + ", norm", actual.norm(), 0, Tolerance.ZERO_NORM);
    } else if (Tolerance.conclusive(golden)) {
      decide(what, actual, golden);
    } else if (Double.isFinite(actual.norm())) {
      inconclusive++;
    } else {
      failure(what + " is not finite");
    }
  }

  /** Compares the arrays of a kind by their names. */
  void arrays(String kind, Map<String, NDArray> actual, Map<String, GoldenArray> golden) {
    golden.forEach(
        (what, array) -> {
          if (actual.containsKey(what)) {
            array(what, Measured.of(actual.get(what)), array);
          } else {
            failure("this build has no %s %s".formatted(kind, what));
          }
        });
  }

  private void decide(String what, Measured actual, GoldenArray golden) {
    Comparison array = deciding(what);
    array.compareArray(what, actual, golden);
    if (array.worstRatio > 1 && !decides && roughlyRight(actual, golden)) {
      undecided++;
      return;
    }
    compared += array.compared;
    judge(array.entry, array.error, array.tolerance);
  }

  private static boolean roughlyRight(Measured actual, GoldenArray golden) {
    double size = Math.sqrt((double) golden.shape().size());
    return distance(actual, golden) <= Tolerance.roughRms(golden)
        && Math.abs(actual.norm() - golden.norm()) <= Tolerance.roughRms(golden) * size;
  }

  /** The root mean square of the differences of the samples. */
  private static double distance(Measured actual, GoldenArray golden) {
    List<Double> samples = golden.samples();
    double squares = 0;
    for (int i = 0; i < samples.size(); i++) {
      squares += Math.pow(actual.sample(i, samples.size()) - samples.get(i), 2);
    }
    return Math.sqrt(squares / samples.size());
  }

  private void compareArray(String what, Measured actual, GoldenArray golden) {
    double rms = Tolerance.rms(golden);
    double size = Math.sqrt((double) golden.shape().size());
    number(what + ", mean", actual.mean(), golden.mean(), rms);
    number(what + ", standard deviation", actual.std(), golden.std(), rms);
    number(what + ", norm", actual.norm(), golden.norm(), rms * size);
    List<Double> samples = golden.samples();
    for (int i = 0; i < samples.size(); i++) {
      double sample = actual.sample(i, samples.size());
      number(what + ", sample " + i, sample, samples.get(i), Tolerance.element(golden));
    }
    number(what + ", samples together", distance(actual, golden), 0, rms);
  }

  private void judge(String what, double difference, double allowed) {
    double ratio = difference == 0 ? 0 : difference / allowed;
    if (ratio > worstRatio) {
      worstRatio = ratio;
      error = difference;
      tolerance = allowed;
      entry = what;
    }
  }

  /** Whether an array waits for float64. */
  boolean hasUndecided() {
    return undecided > 0;
  }

  /** Adds the result to {@code sections}. */
  void addTo(List<ParityReport.Section> sections) {
    if (compared + inconclusive + undecided == 0) {
      throw Fields.nothingIn(name);
    }
    sections.add(
        new ParityReport.Section(name, compared, inconclusive, undecided, error, tolerance, entry));
  }
}
