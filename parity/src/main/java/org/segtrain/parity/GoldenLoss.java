package org.segtrain.parity;

/**
 * The loss of a run of the reference.
 *
 * @param total in float32
 * @param totalInFloat64 the same of a run in float64
 * @param main of the head; NaN if not stated
 * @param auxiliary of the auxiliary head, unweighted; NaN if there is none
 * @param validFraction the share of the pixels that count; NaN if not stated
 */
record GoldenLoss(
    double total, double totalInFloat64, double main, double auxiliary, double validFraction) {

  private static final double ROUNDED = 1e-8; // files have nine digits

  /** Of a model with a head. */
  static GoldenLoss of(Fields fields) {
    return new GoldenLoss(
        fields.number("total"),
        fields.number("total_f64"),
        fields.number("main"),
        fields.numberOrNull("aux"),
        fields.has("valid_fraction") ? fields.number("valid_fraction") : Double.NaN);
  }

  /** Of a training run: a number for a backbone, an object for a model with a head. */
  static GoldenLoss ofTraining(Fields fields) {
    if (fields.has("loss_f64")) {
      double total = fields.number("loss");
      return new GoldenLoss(total, fields.number("loss_f64"), Double.NaN, Double.NaN, Double.NaN);
    }
    return fields.object("loss", GoldenLoss::of);
  }

  /**
   * Compares what is stated.
   *
   * @param when first in the names of the numbers
   */
  void compare(String when, Losses.Numbers losses, Labels labels, Comparison comparison) {
    comparison.number(
        when + "total", losses.total(), total, Tolerance.number(total, totalInFloat64));
    if (!Double.isNaN(main)) {
      comparison.number(when + "main", losses.main(), main, tolerance(main));
    }
    if (!Double.isNaN(auxiliary)) {
      comparison.number(when + "auxiliary", losses.auxiliary(), auxiliary, tolerance(auxiliary));
    }
    if (!Double.isNaN(validFraction)) {
      comparison.number("valid fraction", labels.validFraction(), validFraction, ROUNDED);
    }
  }

  /** A part is as noisy as the whole, which alone has been run in float64. */
  private double tolerance(double part) {
    return Tolerance.number(part, part + (totalInFloat64 - total));
  }
}
