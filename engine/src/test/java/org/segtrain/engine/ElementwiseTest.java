package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class ElementwiseTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "64, 33"})
  void hardswishEqualsItsFormula(long rows, long columns) {
    try (NDManager manager = Agreement.newManager()) {
      new Agreement(
              1e-5,
              x -> Aten.hardswish(x.get(0)),
              x -> x.get(0).mul(x.get(0).add(3).clip(0, 6)).div(6))
          .on(Agreement.normal(manager, rows, columns).mul(4));
    }
  }

  @Test
  void aScaledArrayIsAddedToEachRow() {
    try (NDManager manager = Agreement.newManager()) {
      new Agreement(
              1e-6,
              x -> Aten.addScaled(x.get(0), x.get(1), 0.25),
              x -> x.get(1).mul(0.25).add(x.get(0)))
          .on(Agreement.normal(manager, 1, 5), Agreement.normal(manager, 3, 5));
    }
  }

  @Test
  void bfloat16IsTheNearestOfEightSignificantBits() {
    float[] values = {0, 1, -1, 257 / 256f, 259 / 256f, (float) Math.PI, -0.333f, 65504, 1e10f};
    try (NDManager manager = Agreement.newManager()) {
      NDArray rounded = Aten.toFloat32(Aten.toBfloat16(manager.create(values)));
      assertArrayEquals(rounded(values), rounded.toFloatArray(), 0);
    }
  }

  @Test
  void gradientsPassThroughTheCasts() {
    try (NDManager manager = Agreement.newManager();
        Autograd recording = Autograd.on()) {
      NDArray x = Agreement.normal(manager, 5, 7);
      NDArray upstream = Agreement.normal(manager, 5, 7);
      x.setRequiresGradient(true);
      NDArray output = Aten.toFloat32(Aten.toBfloat16(x));
      NDArray gradient = Autograd.gradients(List.of(output), List.of(upstream), List.of(x)).get(0);
      assertArrayEquals(rounded(upstream.toFloatArray()), gradient.toFloatArray(), 0);
    }
  }

  @Test
  void channelsLastChangesTheLayoutOnly() {
    try (NDManager manager = Agreement.newManager()) {
      new Agreement(1e-6, x -> Aten.toChannelsLast(x.get(0)), x -> x.get(0).mul(1))
          .on(Agreement.normal(manager, 2, 3, 4, 5));
      NDArray last = Aten.toChannelsLast(Agreement.normal(manager, 2, 3, 4, 5));
      NDArray strides = Aten.call("torch.tensor(torch.stride($0))", last);
      assertArrayEquals(new long[] {60, 1, 15, 3}, strides.toLongArray());
    }
  }

  /** Round to nearest, ties to even, on the upper half of the bits. */
  private static float[] rounded(float... values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int even = bits >>> 16 & 1;
      rounded[i] = Float.intBitsToFloat(bits + 0x7fff + even & 0xffff0000);
    }
    return rounded;
  }
}
