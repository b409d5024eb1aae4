package org.segtrain.backbones.mpvit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.StateDict;

/** Compares with loops over single numbers. */
class FactorizedAttentionTest {

  private static final int HEIGHT = 4;
  private static final int WIDTH = 5;
  private static final int TOKENS = HEIGHT * WIDTH;
  private static final int DIM = 16;
  private static final int HEAD_DIM = 2;

  private final Map<String, Parameter> state = new HashMap<>();

  @Test
  void itIsTheAttentionOfThePaper() {
    try (NDManager manager = NDManager.newBaseManager()) {
      manager.getEngine().setRandomSeed(1);
      Shape shape = new Shape(2, HEIGHT, WIDTH, DIM);
      var positions = new ConvRelativePositionEncoding(DIM);
      var attention = new FactorizedAttention(DIM, positions);
      positions.initialize(manager, DataType.FLOAT32, shape);
      attention.initialize(manager, DataType.FLOAT32, shape);
      state.putAll(StateDict.of(positions));
      state.putAll(StateDict.of(attention));
      state.values().forEach(one -> one.getArray().addi(manager.randomNormal(one.getShape())));
      NDArray x = manager.randomNormal(shape);
      float[] qkv = linear(x, "qkv").toFloatArray(); // 2 N 3·DIM
      float[] mixed = new float[2 * TOKENS * DIM];
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] = (float) attend(qkv, i / DIM / TOKENS, i / DIM % TOKENS, i % DIM);
      }
      float[] expected = linear(manager.create(mixed, shape), "proj").toFloatArray();
      float[] actual =
          attention
              .forward(new ParameterStore(manager, false), new NDList(x), false)
              .singletonOrThrow()
              .toFloatArray();
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i], actual[i], 1e-3, "element " + i);
      }
    }
  }

  /** Channel c of token n of an image. */
  private double attend(float[] qkv, int image, int n, int c) {
    int first = image * TOKENS; // token of the image
    int head = c / HEAD_DIM * HEAD_DIM;
    double sum = 0;
    for (int d = head; d < head + HEAD_DIM; d++) {
      double total = 0;
      double context = 0;
      for (int m = first; m < first + TOKENS; m++) {
        double weight = Math.exp(qkv[m * 3 * DIM + DIM + d]);
        total += weight;
        context += weight * qkv[m * 3 * DIM + 2 * DIM + c];
      }
      sum += qkv[(first + n) * 3 * DIM + d] * context / total;
    }
    return sum / Math.sqrt(HEAD_DIM) + qkv[(first + n) * 3 * DIM + c] * position(qkv, first, n, c);
  }

  /** Values around token n; heads 0-1, 2-4 and 5-7 see squares of 3, 5 and 7 pixels. */
  private double position(float[] qkv, int first, int n, int c) {
    int group = c < 2 * HEAD_DIM ? 0 : c < 5 * HEAD_DIM ? 1 : 2;
    int channel = c - new int[] {0, 2, 5}[group] * HEAD_DIM;
    int reach = group + 1;
    int kernel = 2 * reach + 1;
    float[] weight = values("conv_list.%d.weight".formatted(group)); // channels 1 kernel kernel
    double sum = values("conv_list.%d.bias".formatted(group))[channel];
    for (int k = 0; k < kernel * kernel; k++) {
      int row = n / WIDTH + k / kernel - reach;
      int column = n % WIDTH + k % kernel - reach;
      if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) {
        float value = qkv[(first + row * WIDTH + column) * 3 * DIM + 2 * DIM + c];
        sum += weight[channel * kernel * kernel + k] * value;
      }
    }
    return sum;
  }

  private NDArray linear(NDArray x, String name) {
    NDArray weight = state.get(name + ".weight").getArray(); // out in
    return x.reshape(-1, DIM).matMul(weight.transpose()).add(state.get(name + ".bias").getArray());
  }

  private float[] values(String name) {
    return state.get(name).getArray().toFloatArray();
  }
}
