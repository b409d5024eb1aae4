package org.segtrain.backbones.hrformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.StateDict;

class ExchangeTest {

  @Test
  void pixelsOfACoarserMapAreRepeatedAndThenStretchedFromCornerToCorner() {
    try (NDManager manager = NDManager.newBaseManager()) {
      var branch = new HrformerConfig.Branch(1, 1);
      Exchange exchange = new Exchange(List.of(branch, branch));
      exchange.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1, 3), new Shape(1, 1, 1, 2));
      NDArray weight = StateDict.of(exchange).get("0.1.0.weight").getArray();
      weight.muli(0).addi(1);
      NDArray finer = manager.zeros(new Shape(1, 1, 1, 3));
      NDArray coarser = manager.create(new float[] {2, 4}, new Shape(1, 1, 1, 2)); // 2 2 4 4
      NDList maps =
          exchange.forward(new ParameterStore(manager, false), new NDList(finer, coarser), false);
      assertArrayEquals(new float[] {2, 3, 4}, maps.get(0).toFloatArray(), 1e-4f);
    }
  }
}
