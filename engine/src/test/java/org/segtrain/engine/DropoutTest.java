package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class DropoutTest {

  private static final Shape SHAPE = new Shape(400, 10, 4, 5);

  /** Each operation, and how many neighbouring elements live or die together. */
  enum Kind {
    ELEMENTS(1),
    CHANNELS(4 * 5),
    SAMPLES(10 * 4 * 5);

    final int group;

    Kind(int group) {
      this.group = group;
    }

    NDArray apply(NDArray x, double probability) {
      return switch (this) {
        case ELEMENTS -> Aten.dropout(x, probability);
        case CHANNELS -> Aten.channelDropout(x, probability);
        case SAMPLES -> Aten.dropSamples(x, probability);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void dropsWholeGroupsAndScalesTheOthers(Kind kind) {
    try (NDManager manager = Agreement.newManager()) {
      seed(7);
      float[] ones = kind.apply(manager.ones(SHAPE), 0.2).toFloatArray();
      int dropped = 0;
      for (int start = 0; start < ones.length; start += kind.group) {
        float[] group = Arrays.copyOfRange(ones, start, start + kind.group);
        float[] expected = new float[kind.group];
        Arrays.fill(expected, group[0] == 0 ? 0 : 1.25f);
        assertArrayEquals(expected, group, 1e-6f);
        dropped += group[0] == 0 ? 1 : 0;
      }
      int groups = ones.length / kind.group;
      double fourDeviations = 4 * Math.sqrt(0.2 * 0.8 / groups);
      assertEquals(0.2, (double) dropped / groups, fourDeviations);
    }
  }

  @ParameterizedTest
  @EnumSource
  void repeatsUnderOneSeed(Kind kind) {
    try (NDManager manager = Agreement.newManager()) {
      NDArray x = manager.randomNormal(SHAPE);
      float[] first = drawn(kind, x, 3);
      for (int call = 1; call < 4; call++) { // PyTorch specialises its code after the second
        assertArrayEquals(first, drawn(kind, x, 3));
      }
      assertFalse(Arrays.equals(drawn(kind, x, 3), drawn(kind, x, 4)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsPassThroughTheSameMask(Kind kind) {
    try (NDManager manager = Agreement.newManager();
        Autograd recording = Autograd.on()) {
      NDArray x = manager.ones(SHAPE);
      x.setRequiresGradient(true);
      NDArray output = kind.apply(x, 0.3);
      NDArray gradient = Autograd.gradients(output.sum(), List.of(x)).get(0);
      assertArrayEquals(output.toFloatArray(), gradient.toFloatArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsEverythingAtProbabilityZero(Kind kind) {
    try (NDManager manager = Agreement.newManager()) {
      NDArray x = manager.randomNormal(new Shape(3, 2, 4, 5));
      assertArrayEquals(x.toFloatArray(), kind.apply(x, 0).toFloatArray(), 0);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void refusesToDropEverySample(double probability) {
    try (NDManager manager = Agreement.newManager()) {
      NDArray x = manager.ones(new Shape(1, 1, 1, 1));
      assertThrows(IllegalArgumentException.class, () -> Aten.dropSamples(x, probability));
    }
  }

  private static float[] drawn(Kind kind, NDArray x, int seed) {
    seed(seed);
    return kind.apply(x, 0.3).toFloatArray();
  }

  private static void seed(int seed) {
    Engine.getEngine("PyTorch").setRandomSeed(seed);
  }
}
