package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HalvesTest {

  @Test
  void everyHalfAndBfloatIsTheSameThereAndBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      if (!Float.isNaN(Halves.half(half))) {
        assertEquals(half, Halves.toHalf(Halves.half(half)));
      } else {
        assertTrue(Float.isNaN(Halves.half(Halves.toHalf(Halves.half(half)))));
      }
      if (!Float.isNaN(Halves.bfloat(half))) {
        assertEquals(half, Halves.toBfloat(Halves.bfloat(half)));
      } else {
        assertTrue(Float.isNaN(Halves.bfloat(Halves.toBfloat(Halves.bfloat(half)))));
      }
    }
  }

  @Test
  void floatsAreRoundedAsPyTorchRoundsThem() {
    Random random = new Random(1);
    float[] numbers = new float[100_000];
    for (int i = 0; i < numbers.length; i++) { // exponents of halves, and some beyond
      numbers[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(46) - 28));
    }
    numbers[0] = 65519.996f;
    numbers[1] = 65520;
    numbers[2] = 0x1.ffcp-15f + 0x1p-25f;
    numbers[3] = -0f;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray array = manager.create(numbers);
      float[] expected =
          array.toType(DataType.FLOAT16, true).toType(DataType.FLOAT32, true).toFloatArray();
      for (int i = 0; i < numbers.length; i++) {
        assertEquals(expected[i], Halves.half(Halves.toHalf(numbers[i])), "of " + numbers[i]);
      }
    }
  }

  @Test
  void theNearestBfloatIsTaken() {
    assertEquals(0x3f80, Halves.toBfloat(1 + 0x1p-8f)); // in the middle: to the even one
    assertEquals(0x3f82, Halves.toBfloat(1 + 3 * 0x1p-8f));
    assertEquals(0x3f81, Halves.toBfloat(1 + 0x1.01p-8f));
    assertEquals((short) 0xff80, Halves.toBfloat(-Float.MAX_VALUE)); // to infinity
  }
}
