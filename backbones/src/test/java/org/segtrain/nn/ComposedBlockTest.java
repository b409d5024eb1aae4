package org.segtrain.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;

class ComposedBlockTest {

  private static final Shape IMAGE = new Shape(2, 3, 32, 48);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aBlockOfDjlThatFollowsLearnsTheShapeItReads() {
    Block tokens = new PatchEmbedding(Convolution.patches(3, 8, 4)); // 2 8 12 8
    Block network = new SequentialBlock().add(tokens).add(Linear.builder().setUnits(5).build());
    network.initialize(manager, DataType.FLOAT32, IMAGE);
    assertArrayEquals(
        new Shape[] {new Shape(2, 8, 12, 8)}, tokens.getOutputShapes(new Shape[] {IMAGE}));
    assertArrayEquals(
        new Shape[] {new Shape(2, 8, 12, 5)}, network.getOutputShapes(new Shape[] {IMAGE}));
  }

  @Test
  void shapesAreUnknownAsLongAsThoseOfTheInputs() {
    Block tokens = new PatchEmbedding(Convolution.patches(3, 8, 4));
    Shape[] unknown = {new Shape(-1, -1, -1, -1)};
    assertArrayEquals(unknown, tokens.getOutputShapes(new Shape[] {IMAGE}));
    tokens.initialize(manager, DataType.FLOAT32, IMAGE);
    assertArrayEquals(unknown, tokens.getOutputShapes(new Shape[] {new Shape(2, 3, -1, -1)}));
  }

  @Test
  void anInitialisedNetworkIsPrinted() {
    Backbone backbone = BackboneVariant.PVT_TINY.build();
    backbone.initialize(manager, DataType.FLOAT32, IMAGE);
    int arrays = manager.getManagedArrays().size();
    assertTrue(backbone.toString().contains("patch_embed1"), backbone::toString);
    assertEquals(arrays, manager.getManagedArrays().size());
  }
}
