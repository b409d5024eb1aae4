package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.BlockObserver;
import org.segtrain.engine.internal.Trace;

/**
 * The multiply-adds of one inference: those of convolutions, linear layers and attention, which
 * papers call FLOPs. Counted over the operations that run, not over a description of the model.
 */
final class MultiplyAdds {

  private MultiplyAdds() {}

  /** Those of one image of the given size, {@code 1 3 H W}, in float32 on the CPU. */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  public static long of(Block model, NDManager manager, long height, long width) {
    try (NDManager scope = manager.newSubManager();
        Autograd off = Autograd.off()) {
      NDArray image = scope.zeros(new Shape(1, 3, height, width), DataType.FLOAT32);
      Convolutions convolutions = new Convolutions(scope);
      List<Trace.Operation> operations =
          Trace.of(() -> model.forward(convolutions, new NDList(image), false).close());
      return convolutions.sum + operations.stream().mapToLong(MultiplyAdds::ofProduct).sum();
    }
  }

  /**
   * Those of blocks of a model, none of which is inside of another, in the same inference; 0 for
   * one that only training runs.
   */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  public static Map<Block, Long> of(
      Block model, List<? extends Block> parts, NDManager manager, long height, long width) {
    try (NDManager scope = manager.newSubManager();
        Autograd off = Autograd.off()) {
      NDArray image = scope.zeros(new Shape(1, 3, height, width), DataType.FLOAT32);
      Parts counted = new Parts(scope, parts);
      model.forward(counted, new NDList(image), false).close();
      return counted.sums;
    }
  }

  /** Of a product of matrices that is not made of others; 0 for anything else. */
  private static long ofProduct(Trace.Operation operation) {
    List<List<Long>> shapes = operation.shape();
    return switch (operation.name()) {
      case "aten::mm", "aten::bmm" -> size(shapes.get(0)) * last(shapes.get(1)); // B n k, B k m
      case "aten::addmm", "aten::baddbmm" -> size(shapes.get(1)) * last(shapes.get(2));
      case "aten::_scaled_dot_product_flash_attention_for_cpu" -> { // B h N d, B h M d, B h M d
        long keys = shapes.get(1).get(2);
        yield 2 * size(shapes.get(0)) * keys; // q kᵀ, then its weights times v
      }
      default -> 0;
    };
  }

  private static long size(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  private static long last(List<Long> shape) {
    return shape.get(shape.size() - 1);
  }

  private static long ofConvolution(Block block, NDList outputs) {
    if (block instanceof Convolution convolution) {
      Parameter weight = convolution.getDirectParameters().get("weight"); // out in/groups k k
      return outputs.head().size() * weight.getShape().slice(1).size();
    }
    return 0;
  }

  /** Watches convolutions: the profiler does not tell their strides. */
  private static final class Convolutions extends ParameterStore implements BlockObserver {

    private long sum;

    Convolutions(NDManager manager) {
      super(manager, false);
    }

    @Override
    public void leave(Block block, NDList outputs) {
      sum += ofConvolution(block, outputs);
    }
  }

  /** Watches all that counts, from where a part begins to where it ends. */
  private static final class Parts extends ParameterStore implements BlockObserver {

    private final Map<Block, Long> sums = new HashMap<>();
    private Block part; // null between parts

    Parts(NDManager manager, List<? extends Block> parts) {
      super(manager, false);
      parts.forEach(one -> sums.put(one, 0L));
    }

    @Override
    public void enter(Block block) {
      if (sums.containsKey(block)) {
        part = block;
        Trace.start();
      }
    }

    @Override
    public void leave(Block block, NDList outputs) {
      if (part != null) {
        sums.merge(part, ofConvolution(block, outputs), Long::sum);
      }
      if (block == part) {
        sums.merge(part, Trace.stop().stream().mapToLong(MultiplyAdds::ofProduct).sum(), Long::sum);
        part = null;
      }
    }
  }
}
