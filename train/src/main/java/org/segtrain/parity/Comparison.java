package org.segtrain.parity;

import java.util.List;
import org.segtrain.data.DataException;

/** Compares the numbers of one section of a file, and remembers the worst of them. */
final class Comparison {

  private final String name;
  private int compared;
  private int inconclusive;
  private double worstRatio = -1;
  private double error;
  private double tolerance;
  private String entry = "";

  Comparison(String name) {
    this.name = name;
  }

  /** Compares two numbers. */
  void number(String what, double actual, double expected, double allowed) {
    compared++;
    double difference = Math.abs(actual - expected);
    judge(what, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference, allowed);
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
      compareArray(what, actual, golden);
    } else if (Double.isFinite(actual.norm())) {
      inconclusive++;
    } else {
      failure(what + " is not finite");
    }
  }

  private void compareArray(String what, Measured actual, GoldenArray golden) {
    double rms = Tolerance.rms(golden);
    double size = Math.sqrt((double) golden.shape().size());
    number(what + ", mean", actual.mean(), golden.mean(), rms);
    number(what + ", standard deviation", actual.std(), golden.std(), rms);
    number(what + ", norm", actual.norm(), golden.norm(), rms * size);
    List<Double> samples = golden.samples();
    double squares = 0;
    for (int i = 0; i < samples.size(); i++) {
      double sample = actual.sample(i, samples.size());
      number(what + ", sample " + i, sample, samples.get(i), Tolerance.element(golden));
      squares += Math.pow(sample - samples.get(i), 2);
    }
    number(what + ", samples together", Math.sqrt(squares / samples.size()), 0, rms);
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

  /** Adds the result to {@code sections}. */
  void addTo(List<ParityReport.Section> sections) {
    if (compared + inconclusive == 0) {
      throw new DataException(
          "section \"%s\" of the file has nothing to compare; use an unchanged file"
              .formatted(name));
    }
    sections.add(new ParityReport.Section(name, compared, inconclusive, error, tolerance, entry));
  }
}
