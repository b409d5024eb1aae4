package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.Scalars;

/** What a backward pass needs is not in memory that the collector frees. */
class LossMemoryTest {

  private static final int PLACES = 2000;

  @Test
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  void aCollectionBeforeTheBackwardPassChangesNoGradient() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Autograd on = Autograd.on()) {
      manager.getEngine().setRandomSeed(1);
      NDArray scores = manager.randomNormal(new Shape(1, 5, 8, 8), DataType.FLOAT32);
      NDArray labels =
          manager.arange(64).toType(DataType.INT64, true).mod(7).reshape(1, 8, 8).clip(0, 4);
      for (Formula formula :
          List.<Formula>of(
              (s, l) -> RegionLosses.lovasz(s.large(), l),
              (s, l) -> RegionLosses.dice(s.large(), l, 2, 1),
              (s, l) -> RegionLosses.tversky(s.large(), l, 0.3, 0.7, 1),
              (s, l) -> new PixelLosses(null, 0.1).boundary(s.large(), l, 5, 3),
              (s, l) -> new PixelLosses(null, 0).focal(s.large(), l, 2))) {
        float[] calm = gradient(scores, labels, formula, (s, l) -> Aten.scaled(s.large().sum(), 0));
        float[] after = gradient(scores, labels, formula, LossMemoryTest::collect);
        assertArrayEquals(calm, after);
      }
    }
  }

  private static float[] gradient(NDArray scores, NDArray labels, Formula first, Formula second) {
    List<SegmentationLoss.Part> parts =
        List.of(
            new SegmentationLoss.Part(first, labels, Scalars.of(scores, 1), false),
            new SegmentationLoss.Part(second, labels, Scalars.of(scores, 1), false));
    return SegmentationLoss.of(scores, parts, false).gradient().toFloatArray();
  }

  /** Frees what Java let go, and takes its place in memory. */
  private static NDArray collect(Scores scores, NDArray labels) {
    System.gc();
    List<ByteBuffer> taken = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      ByteBuffer place = ByteBuffer.allocateDirect(8 * (1 + i % 16));
      while (place.hasRemaining()) {
        place.put((byte) 0x7f);
      }
      taken.add(place);
    }
    return Aten.scaled(scores.large().sum(), taken.size() - PLACES);
  }
}
