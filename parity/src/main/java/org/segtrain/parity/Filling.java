package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The closed formulas that fill weights and images of the reference's runs. A value depends on the
 * name of the array and on the place in it, in PyTorch's layout.
 */
enum Filling {
  /** Smooth, so matrices have rank two. */
  SIN(1),
  /** Pseudo-random, so matrices have full rank. */
  HASH(Math.sqrt(3));

  private static final int NAMES = 1000;
  private static final int GOLDEN_RATIO = 0x9E3779B9;
  private static final int MIXER = 0x45D9F3B;

  private final double matrixScale; // gives matrices of both formulas about the same spread

  Filling(double matrixScale) {
    this.matrixScale = matrixScale;
  }

  /**
   * The values of the parameter or statistic of that name in the state dict.
   *
   * @throws IllegalArgumentException if the formulas do not say how to fill it
   */
  float[] weights(String name, Shape shape) {
    Affine affine = affine(name, shape);
    int number = number(name);
    float[] values = new float[Math.toIntExact(shape.size())];
    IntStream.range(0, values.length)
        .parallel()
        .forEach(i -> values[i] = (float) (affine.shift + affine.scale * wave(i, number)));
    return values;
  }

  /**
   * An image batch, {@code B C H W}.
   *
   * @param name of the pseudo-random part, which {@link #SIN} does not have
   */
  float[] image(Shape shape, String name) {
    int channels = (int) shape.get(1);
    int height = (int) shape.get(2);
    int width = (int) shape.get(3);
    int number = number(name);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      int w = i % width;
      int h = i / width % height;
      int c = i / width / height % channels;
      int b = i / width / height / channels;
      float smooth = (float) (Math.sin(0.05 * h + 0.11 * c) + 0.5 * Math.cos(0.07 * w * (b + 1)));
      values[i] = this == SIN ? smooth : (float) (smooth + wave(i, number));
    }
    return values;
  }

  /** Between -1 and 1. */
  private double wave(int place, int number) {
    if (this == SIN) {
      return Math.sin(0.7 * place + 1.3 * number + 0.1);
    }
    int z = place + number * GOLDEN_RATIO;
    z = (z ^ (z >>> 16)) * MIXER;
    z = (z ^ (z >>> 16)) * MIXER;
    z ^= z >>> 16;
    return Integer.toUnsignedLong(z) / 0x1p32 * 2 - 1;
  }

  private Affine affine(String name, Shape shape) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (last.startsWith("pos_embed") || name.contains("relative_position")) {
      return new Affine(0, 0.02);
    } else if (shape.dimension() >= 2) {
      return new Affine(0, matrixScale / Math.sqrt((double) shape.size() / shape.get(0)));
    } else if (last.equals("running_mean")) {
      return new Affine(0, 0.05);
    } else if (last.equals("running_var") || last.equals("weight")) {
      return new Affine(1, 0.1);
    } else if (last.endsWith("bias")) {
      return new Affine(0, 0.05);
    }
    throw new IllegalArgumentException(
        "the reference has no formula for %s of shape %s".formatted(name, shape));
  }

  /** The contribution of PyTorch's name of an array to its values, 0-999. */
  static int number(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % NAMES);
  }

  private record Affine(double shift, double scale) {}
}
