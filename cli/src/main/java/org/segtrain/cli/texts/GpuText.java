package org.segtrain.cli.texts;

import org.segtrain.cuda.Gpu;
import org.segtrain.cuda.Gpus;
import org.segtrain.measure.internal.Memory;

/** Texts about GPUs. */
public final class GpuText {

  private static final String ALL = "NVIDIA_TF32_OVERRIDE";
  private static final String PRODUCTS = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  private GpuText() {}

  /** "NVIDIA H200, 139.8 GB, compute capability 9.0". */
  public static String of(Gpu gpu) {
    return "%s, %s, compute capability %s"
        .formatted(gpu.name(), Memory.size(gpu.memory()), gpu.capability());
  }

  /**
   * "gpu 0 (NVIDIA H200, 139.8 GB, compute capability 9.0; CUDA 12.9, driver for CUDA up to 13.0)".
   */
  public static String of(Gpus gpus, int index) {
    return "gpu %d (%s; CUDA %s, driver %s)"
        .formatted(index, of(gpus.all().get(index)), gpus.library(), gpus.driver());
  }

  /** Where PyTorch computes fp32 in TF32: by default in convolutions, but not in products. */
  public static String tf32() {
    boolean isOff = "0".equals(System.getenv(ALL));
    boolean isInProducts = "1".equals(System.getenv(PRODUCTS));
    return isOff
        ? "off, by %s=0".formatted(ALL)
        : isInProducts
            ? "in convolutions, and in matrix products by %s=1".formatted(PRODUCTS)
            : "in convolutions, not in matrix products; %s=0 turns it off".formatted(ALL);
  }
}
