package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** A block whose forward pass is a function of its inputs, parameters and children. */
final class TinyBlock extends AbstractBlock {

  /** What a forward pass may use. */
  record Context(TinyBlock block, ParameterStore store, NDList inputs) {

    NDArray x() {
      return inputs.head();
    }

    NDArray parameter(String name) {
      return store.getValue(block.own.get(name), x().getDevice(), false);
    }

    NDArray through(String child, NDArray x) {
      return block.inner.get(child).forward(store, new NDList(x), false).singletonOrThrow();
    }
  }

  private final Map<String, Parameter> own = new LinkedHashMap<>();
  private final Map<String, Block> inner = new LinkedHashMap<>();
  private final Function<Context, NDList> forward;

  private TinyBlock(Function<Context, NDList> forward) {
    this.forward = forward;
  }

  static TinyBlock of(Function<Context, NDArray> forward) {
    return ofMany(context -> new NDList(forward.apply(context)));
  }

  static TinyBlock ofMany(Function<Context, NDList> forward) {
    return new TinyBlock(forward);
  }

  TinyBlock with(String name, Block child) {
    inner.put(name, addChildBlock(name, child));
    return this;
  }

  /** A learned parameter with the given values. */
  TinyBlock with(String name, NDArray values) {
    Parameter parameter =
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.WEIGHT)
            .optArray(values)
            .optRequiresGrad(values.getDataType().isFloating())
            .build();
    own.put(name, addParameter(parameter));
    return this;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> unused) {
    return forward.apply(new Context(this, store, inputs));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    inner.values().forEach(child -> child.initialize(manager, type, inputs));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }
}
