package org.segtrain.measure.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

class MultiplyAddsTest {

  @Test
  void convolutionsLinearLayersAndAttentionCount() {
    long pixels = 32 * 16;
    long convolution = pixels * 8 * (3 * 3 * 3);
    long grouped = pixels * 8 * (3 * 3);
    long linear = pixels * 8 * 6;
    long attention = 2 * pixels * pixels * 6;
    try (NDManager manager = NDManager.newBaseManager()) {
      Small small = new Small();
      small.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 32));
      assertEquals(
          convolution + grouped + linear + attention, MultiplyAdds.of(small, manager, 64, 32));
    }
  }

  /** The papers' tables, whose classifiers add less than they round. */
  @ParameterizedTest
  @CsvSource({"pvt_tiny, 1.9", "pvt_small, 3.8"})
  void publishedNumbersAreMet(String backbone, double published) {
    NewModel model = new NewModel(BackboneVariant.of(backbone), Optional.empty(), 1);
    assertEquals(published, model.multiplyAdds(ImageSize.square(224)).orElseThrow() / 1e9, 0.06);
  }

  private static final class Small extends UnaryBlock {

    private final Conv2d dense = conv("dense", Convolution.same(3, 8, 3).withStride(2));
    private final Conv2d depthwise = conv("depthwise", Convolution.depthwise(8, 3));
    private final Linear linear = linear("linear", 8, 6);

    @Override
    protected NDArray forward(Pass pass, NDArray image) { // 1 3 2H 2W
      NDArray map = pass.through(depthwise, pass.through(dense, image)); // 1 8 H W
      NDArray tokens = pass.through(linear, map.transpose(0, 2, 3, 1)); // 1 H W 6
      NDArray head = tokens.reshape(1, 1, -1, 6); // B h N d
      return Aten.attention(head, head, head);
    }
  }
}
