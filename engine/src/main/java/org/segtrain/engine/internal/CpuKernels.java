package org.segtrain.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Kernels of the CPU that PyTorch lacks ({@code src/main/native/segtrain_kernels.cpp}), in float32.
 * The gradients of depthwise convolutions come from them wherever PyTorch computes them; blocks
 * choose the others if they {@link #serve}.
 */
public final class CpuKernels {

  /**
   * A property of the JVM: {@code pytorch} leaves all operations to PyTorch, {@code avx2} leaves
   * AVX-512 alone.
   */
  static final String KERNELS = "segtrain.kernels";

  private static final boolean REGISTERED = tryRegister();

  private CpuKernels() {}

  /** Has PyTorch use these kernels from now on, if this processor can. */
  static void install() {
    // the class is initialised
  }

  /** Whether there are kernels for {@code x}. Recorded operations are PyTorch's own. */
  public static boolean serve(NDArray x) {
    return !(x instanceof Recording)
        && x.getDataType() == DataType.FLOAT32
        && !x.getDevice().isGpu()
        && REGISTERED;
  }

  private static boolean tryRegister() {
    String chosen = System.getProperty(KERNELS, "");
    return !chosen.equals("pytorch") && EngineLibrary.LOADED && register(!chosen.equals("avx2"));
  }

  private static native boolean register(boolean wide);
}
