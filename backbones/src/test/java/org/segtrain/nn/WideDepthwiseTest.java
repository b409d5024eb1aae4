package org.segtrain.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;

class WideDepthwiseTest {

  private static final Shape SHAPE = new Shape(2, 4, 9, 7);

  /** Hands out rounded parameters. */
  private static final class Rounded extends ParameterStore {
    Rounded(NDManager manager) {
      super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return Aten.toBfloat16(super.getValue(parameter, device, training));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void itTrainsInBfloat16AsInFloat32(boolean bias) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Convolution depthwise = Convolution.depthwise(4, 5).withStride(2);
      Block conv = (bias ? depthwise : depthwise.withoutBias()).block();
      assertInstanceOf(WideDepthwise.class, conv);
      conv.initialize(manager, DataType.FLOAT32, SHAPE);
      NDArray x = manager.randomNormal(SHAPE);
      List<NDArray> weights =
          conv.getParameters().values().stream().map(Parameter::getArray).toList();
      try (Autograd on = Autograd.on()) {
        NDArray exact = trained(conv, new ParameterStore(manager, false), x);
        NDArray rounded = trained(conv, new Rounded(manager), Aten.toBfloat16(x));
        assertEquals(new Shape(2, 4, 5, 4), rounded.getShape());
        assertNear(exact, Aten.toFloat32(rounded));
        NDArray seed = manager.randomNormal(exact.getShape());
        List<NDArray> expected = gradients(exact, seed, weights);
        List<NDArray> actual = gradients(Aten.toFloat32(rounded), seed, weights);
        for (int i = 0; i < expected.size(); i++) {
          assertNear(expected.get(i), actual.get(i));
        }
      }
    }
  }

  @Test
  void itTrainsInFloat64() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block conv = Convolution.depthwise(4, 5).block();
      conv.initialize(manager, DataType.FLOAT64, SHAPE);
      NDArray x = manager.randomNormal(SHAPE, DataType.FLOAT64);
      NDArray y = trained(conv, new ParameterStore(manager, false), x);
      assertEquals(DataType.FLOAT64, y.getDataType());
    }
  }

  private static NDArray trained(Block conv, ParameterStore parameters, NDArray x) {
    return conv.forward(parameters, new NDList(x), true).singletonOrThrow();
  }

  private static List<NDArray> gradients(NDArray y, NDArray seed, List<NDArray> weights) {
    return Autograd.gradients(List.of(y), List.of(seed), weights);
  }

  private static void assertNear(NDArray expected, NDArray actual) {
    float error = expected.sub(actual).norm().getFloat() / expected.norm().getFloat();
    assertTrue(error < 0.01, () -> "relative error " + error);
  }
}
