package org.segtrain.cuda;

/**
 * A GPU.
 *
 * @param name as its maker calls it
 * @param memory bytes
 * @param major of its compute capability
 * @param minor of its compute capability
 */
public record Gpu(String name, long memory, int major, int minor) {

  private static final int FIRST_WITH_BFLOAT16 = 8;

  /** "9.0". */
  public String capability() {
    return major + "." + minor;
  }

  /** Whether its matrix units compute in bf16, as those of compute capability 8.0 and newer do. */
  public boolean hasBfloat16() {
    return major >= FIRST_WITH_BFLOAT16;
  }
}
