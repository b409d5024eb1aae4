package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/**
 * A TorchScript module without parameters, compiled by the engine. It is stateless, so any number of
 * threads may call it, and it serves every device.
 */
final class CompiledModule {

  private final Model owner; // its finalizer would close the block

  private CompiledModule(Model owner) {
    this.owner = owner;
  }

  /**
   * Compiles {@code methods}, TorchScript in the form that archives hold.
   *
   * @throws IllegalArgumentException if PyTorch does not accept them
   */
  static CompiledModule compile(String methods) {
    Model model = Model.newInstance("aten", Device.cpu(), "PyTorch");
    try {
      ((PtModel) model).load(new ByteArrayInputStream(Archive.of(methods)), false);
      return new CompiledModule(model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new IllegalArgumentException("PyTorch does not accept this code: " + methods, e);
    }
  }

  /** Calls {@code forward}; differentiable where the thread has autograd on. */
  NDList forward(NDList arrays) {
    return IValueUtils.forward(block(), arrays, true);
  }

  /** Calls {@code method} with autograd off. Closes the arguments, not the result. */
  IValue run(String method, List<IValue> arguments) {
    try {
      return IValueUtils.runMethod(block(), method, arguments.toArray(IValue[]::new));
    } finally {
      arguments.forEach(IValue::close);
    }
  }

  private PtSymbolBlock block() {
    return (PtSymbolBlock) owner.getBlock();
  }
}
