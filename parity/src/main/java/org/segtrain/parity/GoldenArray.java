package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.errors.DataException;

/**
 * The figures of the reference for one array.
 *
 * @param std population standard deviation
 * @param samples values at places spread evenly over the flat array, first and last included
 * @param norm L2 norm
 * @param noise what rounding alone does to the array
 * @param zero whether it is zero but for rounding
 */
record GoldenArray(
    Shape shape,
    double mean,
    double std,
    List<Double> samples,
    double norm,
    Noise noise,
    boolean zero) {

  /**
   * The distance of the reference's float32 run from its float64 run.
   *
   * @param maxAbs largest difference of an element
   * @param relativeL2 L2 norm of the difference divided by that of the array
   */
  record Noise(double maxAbs, double relativeL2) {

    private static Noise of(Fields fields) {
      fields.ignore("rel_std"); // maxAbs divided by the standard deviation
      return new Noise(fields.number("max_abs"), fields.number("rel_l2"));
    }
  }

  GoldenArray {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new DataException("an array of shape %s has no samples".formatted(shape));
    }
  }

  static GoldenArray of(Fields fields) {
    fields.ignore("norm_f64"); // of the float64 run: the noise says more
    Shape shape = shape(fields, "shape");
    double mean = fields.number("mean");
    double std = fields.number("std");
    return new GoldenArray(
        shape,
        mean,
        std,
        fields.numbers("samples"),
        fields.has("norm") ? fields.number("norm") : Math.hypot(mean, std) * root(shape.size()),
        fields.object("f64", Noise::of),
        fields.has("zero") && fields.flag("zero"));
  }

  static GoldenArray of(Fields fields, String name) {
    return fields.object(name, GoldenArray::of);
  }

  static Shape shape(Fields fields, String name) {
    return new Shape(fields.numbers(name).stream().mapToLong(Double::longValue).toArray());
  }

  /** The root of the mean square of the elements. */
  double rms() {
    return norm / root(shape.size());
  }

  private static double root(long size) {
    return Math.sqrt((double) size);
  }
}
