package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.BlockObserver;

/** Compares the outputs of blocks inside a model with those of the reference's modules. */
final class Taps extends ParameterStore implements BlockObserver {

  private final Map<Block, String> awaited = new HashMap<>();
  private final Map<String, List<GoldenArray>> golden;
  private final Comparison comparison;

  /** Compares as the pass goes. */
  Taps(
      NDManager manager,
      Map<String, Block> blocks,
      Map<String, List<GoldenArray>> golden,
      Comparison comparison) {
    super(manager, false);
    this.golden = golden;
    this.comparison = comparison;
    for (String path : golden.keySet()) {
      Block block = blocks.get(path);
      if (block == null) {
        comparison.failure("this build has no block " + path);
      } else {
        awaited.put(block, path);
      }
    }
  }

  @Override
  public void leave(Block block, NDList outputs) {
    String path = awaited.remove(block);
    if (path == null) {
      return;
    }
    List<GoldenArray> expected = golden.get(path);
    if (expected.size() != outputs.size()) {
      comparison.failure(
          "%s gives %d arrays, not %d".formatted(path, outputs.size(), expected.size()));
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      String name = expected.size() == 1 ? path : path + " " + i;
      GoldenArray array = expected.get(i);
      comparison.array(name, Measured.of(inLayoutOf(array.shape(), outputs.get(i))), array);
    }
  }

  /** Records the blocks that the pass never went through. */
  void finish() {
    awaited.values().forEach(path -> comparison.failure("the pass does not go through " + path));
  }

  /**
   * The reference's modules speak in tokens, {@code B N C}, or maps, {@code B C H W}, where ours
   * may in {@code B H W C}.
   */
  private static NDArray inLayoutOf(Shape shape, NDArray array) {
    Shape own = array.getShape();
    if (own.equals(shape) || own.dimension() != 4) {
      return array;
    }
    Shape tokens = new Shape(own.get(0), own.get(1) * own.get(2), own.get(3));
    Shape map = new Shape(own.get(0), own.get(3), own.get(1), own.get(2));
    if (tokens.equals(shape)) {
      return array.reshape(shape);
    }
    return map.equals(shape) ? array.transpose(0, 3, 1, 2) : array;
  }
}
