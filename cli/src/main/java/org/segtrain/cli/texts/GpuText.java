package org.segtrain.cli.texts;

import org.segtrain.cuda.Gpu;
import org.segtrain.cuda.Gpus;
import org.segtrain.measure.internal.Memory;

/** Texts about GPUs. */
public final class GpuText {

  private static final String ALL = "NVIDIA_TF32_OVERRIDE";

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

  /** Whether fp32 may be computed in TF32. */
  public static String tf32() {
    String forced = System.getenv(ALL);
    return forced == null
        ? "where --precision tf32 asks for it"
        : forced.equals("0") ? "off, by %s=0".formatted(ALL) : "by %s=%s".formatted(ALL, forced);
  }
}
