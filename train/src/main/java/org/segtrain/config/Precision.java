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
  private static final Pattern BF16_INSTRUCTIONS = Pattern.compile("\\b(amx_bf16|avx512_bf16)\\b");

  /** bf16 if this processor has instructions for it, as far as the system tells, else fp32. */
  public static Precision ofProcessor() {
    try {
      boolean found =
          Files.isReadable(PROCESSOR)
              && BF16_INSTRUCTIONS.matcher(Files.readString(PROCESSOR)).find();
      return found ? BF16 : FP32;
    } catch (IOException e) {
      return FP32;
    }
  }

  /** The name at every border, {@code bf16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
