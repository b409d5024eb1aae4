package org.segtrain.engine.internal;

import static java.lang.invoke.MethodType.methodType;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Calls {@code forward} of a TorchScript module with autograd as the thread has it. DJL's own call
 * never frees the inputs of a failed call: an image too large for a GPU would stay there. It also
 * takes names of arrays for instructions.
 */
final class ModuleCall {

  private static final boolean SEPARATE_STREAM =
      Boolean.getBoolean("ai.djl.pytorch.enable_cuda_stream");
  private static final MethodHandle RUN; // module, method, inputs, autograd, stream -> result
  private static final MethodHandle VALUE; // of the engine's pointer

  static {
    try {
      MethodHandles.Lookup jni =
          MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup());
      Class<?> library = jni.findClass("ai.djl.pytorch.jni.PyTorchLibrary");
      RUN =
          jni.bind(
              jni.findStaticGetter(library, "LIB", library).invoke(),
              "moduleRunMethod",
              methodType(
                  long.class,
                  long.class,
                  String.class,
                  long[].class,
                  boolean.class,
                  boolean.class));
      VALUE = jni.findConstructor(IValue.class, methodType(void.class, long.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ModuleCall() {}

  /**
   * The outputs for {@code arrays}, in the manager of the first.
   *
   * @throws ai.djl.engine.EngineException if the call fails
   */
  static NDList forward(PtSymbolBlock module, NDList arrays) {
    IValue[] inputs = new IValue[arrays.size()];
    long[] pointers = new long[inputs.length];
    try {
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = IValue.from((PtNDArray) arrays.get(i));
        pointers[i] = inputs[i].getHandle();
      }
      try (IValue result = run(module.getHandle(), pointers)) {
        return result.toNDList((PtNDManager) arrays.head().getManager());
      }
    } finally {
      for (IValue input : inputs) {
        if (input != null) {
          input.close();
        }
      }
    }
  }

  private static IValue run(long module, long[] inputs) {
    try {
      long result = (long) RUN.invokeExact(module, "forward", inputs, true, SEPARATE_STREAM);
      return (IValue) VALUE.invokeExact(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // neither declares any
    }
  }
}
