package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A resize is separable: a product with one matrix from the left and one from the right. */
class ResizeTest {

  private static final String SIZES =
      """
      1, 1, 3, 2
      4, 6, 8, 12
      5, 7, 13, 9
      8, 9, 3, 4
      6, 6, 6, 6
      """;

  @ParameterizedTest
  @CsvSource(textBlock = SIZES)
  void interpolatesBetweenPixelCentres(int h, int w, int height, int width) {
    check(
        x -> Aten.resizeBilinear(x, height, width, false),
        (from, to) -> bilinear(from, to, i -> Math.max((i + 0.5) * from / to - 0.5, 0)),
        new Shape(h, w),
        new Shape(height, width));
  }

  @ParameterizedTest
  @CsvSource(textBlock = SIZES)
  void keepsTheCentresOfTheCorners(int h, int w, int height, int width) {
    check(
        x -> Aten.resizeBilinear(x, height, width, true),
        (from, to) -> bilinear(from, to, i -> i * (from - 1.0) / (to - 1)),
        new Shape(h, w),
        new Shape(height, width));
  }

  @ParameterizedTest
  @CsvSource(textBlock = SIZES)
  void takesTheNearest(int h, int w, int height, int width) {
    check(
        x -> Aten.resizeNearest(x, height, width),
        (from, to) -> bilinear(from, to, i -> (double) (i * from / to)),
        new Shape(h, w),
        new Shape(height, width));
  }

  @ParameterizedTest
  @CsvSource(textBlock = SIZES)
  void averagesCells(int h, int w, int height, int width) {
    check(
        x -> Aten.adaptiveAveragePool(x, height, width),
        ResizeTest::cells,
        new Shape(h, w),
        new Shape(height, width));
  }

  private static void check(
      Function<NDArray, NDArray> operation,
      BiFunction<Integer, Integer, float[][]> weights,
      Shape from,
      Shape to) {
    try (NDManager manager = Agreement.newManager()) {
      NDArray left = manager.create(weights.apply((int) from.get(0), (int) to.get(0)));
      NDArray right = manager.create(weights.apply((int) from.get(1), (int) to.get(1)));
      new Agreement(
              1e-5,
              x -> operation.apply(x.get(0)),
              x -> left.matMul(x.get(0)).matMul(right.transpose()))
          .on(Agreement.normal(manager, 2, 3, from.get(0), from.get(1)));
    }
  }

  /** One row per pixel of the result, made of the two pixels around {@code position}. */
  private static float[][] bilinear(int from, int to, Function<Integer, Double> position) {
    float[][] weights = new float[to][from];
    for (int i = 0; i < to; i++) {
      double at = position.apply(i);
      int below = Math.min((int) at, from - 1);
      double share = at - below;
      weights[i][below] += (float) (1 - share);
      weights[i][Math.min(below + 1, from - 1)] += (float) share;
    }
    return weights;
  }

  /** Cell i reaches from floor(i · from / to) to ceil((i + 1) · from / to). */
  private static float[][] cells(int from, int to) {
    float[][] weights = new float[to][from];
    for (int i = 0; i < to; i++) {
      int start = i * from / to;
      int end = ((i + 1) * from + to - 1) / to;
      for (int j = start; j < end; j++) {
        weights[i][j] = 1f / (end - start);
      }
    }
    return weights;
  }
}
