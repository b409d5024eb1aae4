package org.segtrain.backbones.hrvit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.Loops;

/** Compares with loops over single numbers. */
class CrossShapedAttentionTest {

  private static final int DIM = 8;
  private static final int HEAD_DIM = 2;

  private Loops loops;
  private int height;
  private int width;
  private int window;

  @ParameterizedTest
  @CsvSource({"4, 6, 2", "4, 6, 1", "5, 6, 4", "4, 5, 3", "2, 3, 7"})
  void tokensOfAStripSeeEachOther(int height, int width, int window) {
    this.height = height;
    this.width = width;
    this.window = window;
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(1);
      var attention = new CrossShapedAttention(DIM, HEAD_DIM, window);
      Shape shape = new Shape(1, height, width, DIM);
      loops = new Loops(attention, shape, manager);
      NDArray x = manager.randomNormal(shape);
      float[] actual = loops.run(x);
      double[][] expected = attend(x.toFloatArray());
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i / DIM][i % DIM], actual[i], 1e-3, "element " + i);
      }
    }
  }

  private double[][] attend(float[] x) {
    double[][] tokens = new double[height * width][DIM];
    for (int i = 0; i < x.length; i++) {
      tokens[i / DIM][i % DIM] = x[i];
    }
    double[][] qv = loops.linear(tokens, "to_qkv");
    double[][] mixed = new double[tokens.length][DIM];
    for (int n = 0; n < tokens.length; n++) {
      for (int c = 0; c < DIM; c++) {
        mixed[n][c] = hardswish(seen(qv, n, c) + near(qv, n, c));
      }
    }
    double[][] out = loops.linear(mixed, "to_out.0");
    float[] weight = loops.values("attn_bn.weight");
    float[] bias = loops.values("attn_bn.bias");
    for (double[] token : out) {
      for (int c = 0; c < DIM; c++) {
        token[c] = token[c] / Math.sqrt(1 + 1e-5) * weight[c] + bias[c];
      }
    }
    return out;
  }

  /** The values of the strip that token {@code n} is in, weighed by its head of channel c. */
  private double seen(double[][] qv, int n, int c) {
    int head = c / HEAD_DIM * HEAD_DIM;
    double sum = 0;
    double total = 0;
    for (int m = 0; m < qv.length; m++) {
      boolean along =
          c < DIM / 2
              ? n / width / window == m / width / window
              : n % width / window == m % width / window;
      if (along) {
        double dot = 0;
        for (int d = head; d < head + HEAD_DIM; d++) {
          dot += qv[n][d] * qv[m][DIM + d];
        }
        double weight = Math.exp(dot / Math.sqrt(HEAD_DIM));
        sum += weight;
        total += weight * qv[m][DIM + c];
      }
    }
    return total / sum;
  }

  /** A convolution of 3 x 3 activated values around token {@code n}. */
  private double near(double[][] qv, int n, int c) {
    float[] weight = loops.values("parallel_conv.1.weight"); // DIM 1 3 3
    double sum = loops.values("parallel_conv.1.bias")[c];
    for (int k = 0; k < 9; k++) {
      int row = n / width + k / 3 - 1;
      int column = n % width + k % 3 - 1;
      if (row >= 0 && row < height && column >= 0 && column < width) {
        sum += weight[c * 9 + k] * hardswish(qv[row * width + column][DIM + c]);
      }
    }
    return sum;
  }

  private static double hardswish(double x) {
    return x * Math.min(Math.max(x + 3, 0), 6) / 6;
  }
}
