package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;

/** A TorchScript file in the engine, for inference. */
public final class LoadedScript implements AutoCloseable {

  private final PtNDManager manager;
  private final PtSymbolBlock module;

  private LoadedScript(PtNDManager manager, PtSymbolBlock module) {
    this.manager = manager;
    this.module = module;
  }

  /**
   * Loads a file onto {@code device}.
   *
   * @throws ai.djl.engine.EngineException if the engine cannot read it
   */
  public static LoadedScript of(Path file, Device device) {
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(device);
    try {
      return new LoadedScript(
          manager, JniUtils.loadModule(manager, file, true, new String[0], new String[0], false));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * The outputs for {@code inputs}, in the manager of the first. DJL's own {@code forward} never
   * frees the inputs of a pass that fails, for want of memory perhaps.
   *
   * @throws ai.djl.engine.EngineException if they do not fit the file
   */
  public NDList run(NDList inputs) {
    List<IValue> values = inputs.stream().map(array -> IValue.from((PtNDArray) array)).toList();
    try (IValue result = IValueUtils.runMethod(module, "forward", values.toArray(IValue[]::new))) {
      return result.toNDList((PtNDManager) inputs.head().getManager());
    } finally {
      values.forEach(IValue::close);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
