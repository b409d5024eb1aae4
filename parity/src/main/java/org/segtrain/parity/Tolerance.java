package org.segtrain.parity;

/**
 * How far a right implementation may be from the reference: twenty times the reference's own
 * float32 noise, which each entry of its files states. A floor serves entries where rounding
 * happened to cancel.
 */
final class Tolerance {

  /** The largest norm of a gradient that is zero but for rounding. */
  static final double ZERO_NORM = 1e-6;

  private static final double TIMES_NOISE = 20;
  private static final double FLOOR = 1e-5; // of the spread of the array
  private static final double LOSS_FLOOR = 1e-4; // of the loss

  /** The most that an array may be off, relative to it; beyond, a wrong one would pass. */
  private static final double LARGEST = 0.4;

  /** Between two runs in float64 from the same weights, after many steps. */
  private static final double FLOAT64 = 1e-6; // of the number

  private Tolerance() {}

  /** Of a number from two runs in float64. */
  static double inFloat64(double number) {
    return FLOAT64 * Math.abs(number);
  }

  /** Of a number that float64 decides about. */
  static double rough(double number) {
    return LARGEST * Math.abs(number);
  }

  /**
   * Whether the noise is so small that comparing says something; else the array is ill-conditioned.
   */
  static boolean conclusive(GoldenArray golden) {
    return TIMES_NOISE * golden.noise().relativeL2() <= LARGEST;
  }

  /** Of the root mean square of the difference of an array that float64 decides about. */
  static double roughRms(GoldenArray golden) {
    return LARGEST * golden.rms();
  }

  /** Of one element. */
  static double element(GoldenArray golden) {
    return TIMES_NOISE * golden.noise().maxAbs() + FLOOR * golden.std();
  }

  /**
   * Of the root mean square of the difference of two arrays, which no difference of their means,
   * standard deviations or root mean squares exceeds.
   */
  static double rms(GoldenArray golden) {
    return (TIMES_NOISE * golden.noise().relativeL2() + FLOOR) * golden.rms();
  }

  /** Of a loss or the norm of all gradients, from a run in float32 and one in float64. */
  static double number(double float32, double float64) {
    return TIMES_NOISE * Math.abs(float32 - float64) + LOSS_FLOOR * Math.abs(float32);
  }
}
