package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.ArrayLists.AdamWFactors;

class AdamWTest {

  private static final AdamWFactors FACTORS = new AdamWFactors(0.01, 0.9, 0.999, 0.05, 1e-8);
  private static final Shape SHAPE = new Shape(3, 37); // more than one vector of the kernel
  private static final int STEPS = 12;

  private final NDManager manager = Agreement.newManager();
  private final NDArray weight = manager.randomNormal(SHAPE);
  private final NDArray mean = manager.zeros(SHAPE);
  private final NDArray square = manager.zeros(SHAPE);
  private final NDArray step = manager.zeros(new Shape());

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void equalsThePaperInJava() {
    check(UnaryOperator.identity());
  }

  @Test
  void readsGradientsInTheirOwnLayout() {
    check(Agreement::transposed);
    check(Agreement::spaced);
  }

  @Test
  void decayAloneShrinksTheWeights() {
    float[] before = weight.toFloatArray();
    adamW(weight, manager.zeros(SHAPE));
    for (int i = 0; i < before.length; i++) {
      before[i] *= 1 - 0.01f * 0.05f;
    }
    assertArrayEquals(before, weight.toFloatArray(), 1e-6f);
  }

  @Test
  void gradientsOfAnotherShapeAreRefused() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> adamW(weight, manager.zeros(new Shape(3))));
    assertEquals("weight 0 is (3, 37), but its gradient or moment is (3)", error.getMessage());
  }

  @Test
  void weightsThatAreNotContiguousAreRefused() {
    NDArray view = Agreement.transposed(weight);
    assertThrows(EngineException.class, () -> adamW(view, manager.zeros(SHAPE)));
    assertEquals(0, step.getFloat());
  }

  private void check(UnaryOperator<NDArray> layout) {
    ArrayLists.copy(
        List.of(mean, square, step),
        List.of(mean.zerosLike(), square.zerosLike(), step.zerosLike()));
    double[] expected = doubles(weight);
    double[] m = new double[expected.length];
    double[] v = new double[expected.length];
    for (int t = 1; t <= STEPS; t++) {
      NDArray gradient = manager.randomNormal(SHAPE);
      adamW(weight, layout.apply(gradient));
      step(expected, doubles(gradient), m, v, t);
    }
    assertEquals(STEPS, step.getFloat());
    assertArrayEquals(expected, doubles(weight), 2e-6);
    assertArrayEquals(m, doubles(mean), 1e-6);
    assertArrayEquals(v, doubles(square), 1e-6);
  }

  private void adamW(NDArray weight, NDArray gradient) {
    ArrayLists.adamW(
        List.of(weight), List.of(gradient), List.of(mean), List.of(square), List.of(step), FACTORS);
  }

  private static void step(double[] w, double[] g, double[] m, double[] v, int t) {
    for (int i = 0; i < w.length; i++) {
      w[i] -= FACTORS.learningRate() * FACTORS.weightDecay() * w[i];
      m[i] = FACTORS.beta1() * m[i] + (1 - FACTORS.beta1()) * g[i];
      v[i] = FACTORS.beta2() * v[i] + (1 - FACTORS.beta2()) * g[i] * g[i];
      double mean = m[i] / (1 - Math.pow(FACTORS.beta1(), t));
      double square = v[i] / (1 - Math.pow(FACTORS.beta2(), t));
      w[i] -= FACTORS.learningRate() * mean / (Math.sqrt(square) + FACTORS.epsilon());
    }
  }

  private static double[] doubles(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
