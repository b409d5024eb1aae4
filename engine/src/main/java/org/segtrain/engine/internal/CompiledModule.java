package org.segtrain.engine.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A TorchScript module without parameters, compiled by the engine and never freed. It is stateless,
 * so any number of threads may call it, and it serves every device.
 */
public final class CompiledModule {

  private final PtSymbolBlock block;

  private CompiledModule(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Compiles {@code methods}, TorchScript in the form that archives hold.
   *
   * @throws IllegalArgumentException if PyTorch does not accept them
   */
  public static CompiledModule compile(String methods) {
    PtNDManager owner = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    CpuMemory.install();
    CpuKernels.install();
    try {
      ByteArrayInputStream archive = new ByteArrayInputStream(Archive.of(methods));
      return new CompiledModule(JniUtils.loadModule(owner, archive, false, false));
    } catch (EngineException e) {
      owner.close();
      throw new IllegalArgumentException(
          "PyTorch does not accept \"%s\": %s"
              .formatted(methods.strip().replaceAll("\\s+", " "), reason(e)),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen: the archive is in memory
    }
  }

  /** Calls {@code forward}; differentiable where the thread has autograd on. */
  public NDList forward(NDList arrays) {
    return ModuleCall.forward(block, arrays);
  }

  /**
   * Calls {@code method} with autograd off. The caller closes the result.
   *
   * @param arguments lists of arrays, numbers that are doubles or longs, booleans and texts
   */
  public IValue run(String method, Object... arguments) {
    List<IValue> values = new ArrayList<>();
    try {
      for (Object argument : arguments) {
        values.add(ivalue(argument));
      }
      return IValueUtils.runMethod(block, method, values.toArray(IValue[]::new));
    } finally {
      values.forEach(IValue::close);
    }
  }

  private static IValue ivalue(Object argument) {
    if (argument instanceof List<?> arrays) {
      return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    }
    if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean truth) {
      return IValue.from(truth);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    }
    return IValue.from((double) argument);
  }

  /** The first line of PyTorch's message; the rest is a listing of the code. */
  private static String reason(EngineException e) {
    return e.getMessage().strip().lines().findFirst().orElse("");
  }
}
