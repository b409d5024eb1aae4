package org.segtrain.backbones.hrformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.Loops;

/** Compares with loops over single numbers, on maps that windows tile and on others. */
class LocalAttentionTest {

  private static final int DIM = 4;
  private static final int HEADS = 2;
  private static final int HEAD_DIM = DIM / HEADS;
  private static final int WINDOW = 3;

  private int height;
  private int width;
  private Loops loops;

  @ParameterizedTest
  @CsvSource({"3, 6", "4, 6", "5, 7", "1, 2"})
  void itIsAttentionInsideWindowsOfTheCentredMap(int height, int width) {
    this.height = height;
    this.width = width;
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(1);
      var attention = new LocalAttention(DIM, HEADS, WINDOW);
      Shape shape = new Shape(1, height, width, DIM);
      loops = new Loops(attention, shape, manager);
      NDArray x = manager.randomNormal(shape);
      float[] actual = loops.run(x);
      float[] map = x.toFloatArray();
      for (int i = 0; i < height * width; i++) {
        double[] expected = attend(map, i / width, i % width);
        for (int c = 0; c < DIM; c++) {
          assertEquals(expected[c], actual[i * DIM + c], 1e-3, "pixel " + i + ", channel " + c);
        }
      }
    }
  }

  /** What the pixel at that place of the map becomes. */
  private double[] attend(float[] map, int row, int column) {
    int above = (WINDOW - height % WINDOW) % WINDOW / 2; // rows of zeros
    int before = (WINDOW - width % WINDOW) % WINDOW / 2;
    int top = (row + above) / WINDOW * WINDOW - above; // of the window
    int left = (column + before) / WINDOW * WINDOW - before;
    double[] q = loops.linear(token(map, row, column), "attn.q_proj");
    double[] mixed = new double[DIM];
    for (int head = 0; head < HEADS; head++) {
      double sum = 0;
      double[] values = new double[HEAD_DIM];
      for (int i = 0; i < WINDOW * WINDOW; i++) {
        int keyRow = top + i / WINDOW;
        int keyColumn = left + i % WINDOW;
        double[] key = token(map, keyRow, keyColumn);
        double[] k = loops.linear(key, "attn.k_proj");
        double[] v = loops.linear(key, "attn.v_proj");
        double dot = 0;
        for (int d = head * HEAD_DIM; d < (head + 1) * HEAD_DIM; d++) {
          dot += q[d] * k[d];
        }
        double bias = bias(row - keyRow, column - keyColumn, head);
        double weight = Math.exp(dot / Math.sqrt(HEAD_DIM) + bias);
        sum += weight;
        for (int d = 0; d < HEAD_DIM; d++) {
          values[d] += weight * v[head * HEAD_DIM + d];
        }
      }
      for (int d = 0; d < HEAD_DIM; d++) {
        mixed[head * HEAD_DIM + d] = values[d] / sum;
      }
    }
    return loops.linear(mixed, "attn.out_proj");
  }

  /** Zeros outside of the map. */
  private double[] token(float[] map, int row, int column) {
    double[] token = new double[DIM];
    if (row >= 0 && row < height && column >= 0 && column < width) {
      for (int c = 0; c < DIM; c++) {
        token[c] = map[(row * width + column) * DIM + c];
      }
    }
    return token;
  }

  private double bias(int down, int right, int head) {
    int place = (down + WINDOW - 1) * (2 * WINDOW - 1) + right + WINDOW - 1;
    return loops.values("attn.relative_position_bias_table")[place * HEADS + head];
  }
}
