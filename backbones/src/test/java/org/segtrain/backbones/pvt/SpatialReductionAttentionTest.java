package org.segtrain.backbones.pvt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.nn.StateDict;

/** Compares with loops over single numbers. */
class SpatialReductionAttentionTest {

  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final int DIM = 8;
  private static final int HEADS = 2;

  private Map<String, Parameter> state;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void itIsTheAttentionOfThePaper(int reduction) {
    try (NDManager manager = NDManager.newBaseManager()) {
      var attention = new SpatialReductionAttention(DIM, HEADS, reduction);
      Shape shape = new Shape(1, HEIGHT, WIDTH, DIM);
      attention.initialize(manager, DataType.FLOAT32, shape);
      state = StateDict.of(attention);
      state.values().forEach(one -> one.getArray().addi(manager.randomNormal(one.getShape())));
      NDArray x = manager.randomNormal(shape);
      float[] actual =
          attention
              .forward(new ParameterStore(manager, false), new NDList(x), false)
              .singletonOrThrow()
              .toFloatArray();
      double[][] expected = attend(rows(x.toFloatArray(), DIM), reduction);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i / DIM][i % DIM], actual[i], 1e-3, "element " + i);
      }
    }
  }

  private double[][] attend(double[][] x, int reduction) {
    double[][] q = linear(x, "q");
    double[][] kv = linear(reduction == 1 ? x : reduce(x, reduction), "kv");
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
    return linear(mixed, "proj");
  }

  /** A convolution over patches of side r, then layer norm. */
  private double[][] reduce(double[][] x, int r) {
    float[] weight = values("sr.weight"); // out in r r
    float[] bias = values("sr.bias");
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
    float[] weight = values("norm.weight");
    float[] bias = values("norm.bias");
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

  private double[][] linear(double[][] x, String name) {
    float[] bias = values(name + ".bias");
    float[] weight = values(name + ".weight"); // out in
    double[][] y = new double[x.length][bias.length];
    for (int n = 0; n < x.length; n++) {
      for (int out = 0; out < bias.length; out++) {
        y[n][out] = bias[out];
        for (int in = 0; in < DIM; in++) {
          y[n][out] += weight[out * DIM + in] * x[n][in];
        }
      }
    }
    return y;
  }

  private float[] values(String name) {
    return state.get(name).getArray().toFloatArray();
  }

  private static double[][] rows(float[] values, int width) {
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < values.length; i++) {
      rows[i / width][i % width] = values[i];
    }
    return rows;
  }
}
