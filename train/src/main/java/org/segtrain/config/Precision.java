package org.segtrain.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** The arithmetic of activations and matrix products. Weights and optimiser are float32 in all. */
public enum Precision {
  /** float32 everywhere. */
  FP32,
  /**
   * float32, whose products and convolutions a GPU computes with the 10 bits of TF32's mantissa; as
   * {@link #FP32} on a CPU.
   */
  TF32,
  /** bfloat16 activations and products; normalisation statistics and the loss in float32. */
  BF16;

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Pattern AMX = Pattern.compile("\\bamx_bf16\\b");
  private static final Pattern AVX512 = Pattern.compile("\\bavx512_bf16\\b");

  /**
   * bf16 if this processor computes products of bf16 faster than of fp32, as far as the system
   * tells, else fp32.
   */
  public static Precision ofProcessor() {
    try {
      return Files.isReadable(PROCESSOR) ? ofProcessor(Files.readString(PROCESSOR)) : FP32;
    } catch (IOException e) {
      return FP32;
    }
  }

  /**
   * The same of a processor as Linux describes it. All with AMX gain by bf16. Of those with AVX-512
   * alone AMD's do; Intel's took 1.3 times as long (docs/performance.md).
   */
  static Precision ofProcessor(String description) {
    boolean fast =
        AMX.matcher(description).find()
            || (AVX512.matcher(description).find() && description.contains("AuthenticAMD"));
    return fast ? BF16 : FP32;
  }

  /** The name at every border, {@code bf16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
