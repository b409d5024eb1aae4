package org.segtrain.backbones.pvt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.backbones.Loops;

/** Compares with loops over single numbers. */
class SpatialReductionAttentionTest {

  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final int DIM = 8;
  private static final int HEADS = 2;

  private Loops loops;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void itIsTheAttentionOfThePaper(int reduction) {
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(1);
      var attention = new SpatialReductionAttention(DIM, HEADS, reduction);
      Shape shape = new Shape(1, HEIGHT, WIDTH, DIM);
      loops = new Loops(attention, shape, manager);
      NDArray x = manager.randomNormal(shape);
      float[] actual = loops.run(x);
      double[][] expected = attend(Loops.rows(x.toFloatArray(), DIM), reduction);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i / DIM][i % DIM], actual[i], 1e-3, "element " + i);
      }
    }
  }

  private double[][] attend(double[][] x, int reduction) {
    double[][] q = loops.linear(x, "q");
    double[][] kv = loops.linear(reduction == 1 ? x : reduce(x, reduction), "kv");
    double[][] mixed = new double[x.length][DIM];
    int headDim = DIM / HEADS;
    for (int head = 0; head < HEADS; head++) {
      for (int n = 0; n < q.length; n++) {
        double[] weights = new double[kv.length];
        double sum = 0;
        for (int m = 0; m < kv.length; m++) {
          double dot = 0;
          for (int d = head * headDim; d < (head + 1) * headDim; d++) {
            dot += q[n][d] * kv[m][d];
          }
          weights[m] = Math.exp(dot / Math.sqrt(headDim));
          sum += weights[m];
        }
        for (int m = 0; m < kv.length; m++) {
          for (int d = head * headDim; d < (head + 1) * headDim; d++) {
            mixed[n][d] += weights[m] / sum * kv[m][DIM + d];
          }
        }
      }
    }
    return loops.linear(mixed, "proj");
  }

  /** A convolution over patches of side r, then layer norm. */
  private double[][] reduce(double[][] x, int r) {
    float[] weight = loops.values("sr.weight"); // out in r r
    float[] bias = loops.values("sr.bias");
    double[][] small = new double[HEIGHT / r * (WIDTH / r)][DIM];
    for (int i = 0; i < small.length; i++) {
      int top = i / (WIDTH / r) * r;
      int left = i % (WIDTH / r) * r;
      for (int out = 0; out < DIM; out++) {
        small[i][out] = bias[out];
        for (int in = 0; in < DIM; in++) {
          for (int k = 0; k < r * r; k++) {
            double pixel = x[(top + k / r) * WIDTH + left + k % r][in];
            small[i][out] += weight[(out * DIM + in) * r * r + k] * pixel;
          }
        }
      }
      normalize(small[i]);
    }
    return small;
  }

  private void normalize(double[] token) {
    float[] weight = loops.values("norm.weight");
    float[] bias = loops.values("norm.bias");
    double mean = 0;
    double variance = 0;
    for (double value : token) {
      mean += value / DIM;
    }
    for (double value : token) {
      variance += (value - mean) * (value - mean) / DIM;
    }
    for (int c = 0; c < DIM; c++) {
      token[c] = (token[c] - mean) / Math.sqrt(variance + 1e-5) * weight[c] + bias[c];
    }
  }
}
