package org.segtrain.backbones.pvt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;

class PvtTest {

  @Test
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void theRowOfTheAbsentClassTokenHasNoEffect() {
    try (NDManager manager = NDManager.newBaseManager();
        Autograd on = Autograd.on()) {
      manager.getEngine().setRandomSeed(1);
      Pvt pvt = new Pvt(PvtConfig.TINY, 0);
      Shape image = new Shape(1, 3, 64, 64);
      pvt.initialize(manager, DataType.FLOAT32, image);
      NDArray positions = StateDict.of(pvt).get("pos_embed4").getArray();
      NDArray coarsest =
          pvt.forward(
                  new ParameterStore(manager, false), new NDList(manager.randomNormal(image)), true)
              .get(3);
      NDArray gradient =
          Autograd.gradients(coarsest.square().sum(), List.of(positions)).get(0); // 1 50 512
      assertEquals(0, gradient.get(new NDIndex(":, 0")).abs().max().getFloat());
      assertTrue(gradient.get(new NDIndex(":, 1:")).abs().max().getFloat() > 0);
    }
  }
}
