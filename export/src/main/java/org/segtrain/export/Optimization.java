package org.segtrain.export;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.errors.UsageException;

/**
 * What makes a file faster, and where it runs.
 *
 * @param photographs that decide the ranges of int8 activations; none for the precision of the file
 */
public record Optimization(Kind kind, List<Path> photographs) {

  /** As it trains. */
  public static final Optimization NONE = new Optimization(Kind.NONE, List.of());

  /** For inference on every device. */
  public static final Optimization ANY_DEVICE = new Optimization(Kind.ANY_DEVICE, List.of());

  /** For inference on a CPU, by operations of oneDNN. */
  public static final Optimization CPU = new Optimization(Kind.CPU, List.of());

  /** Where an optimised file runs. */
  public enum Kind {
    /** It trains, and runs on every device. */
    NONE,
    /** It runs on every device. */
    ANY_DEVICE,
    /** It runs on a CPU. */
    CPU
  }

  public Optimization {
    photographs = List.copyOf(photographs);
  }

  /**
   * For inference on a CPU, with linear layers and convolutions in int8.
   *
   * @param photographs files; at least one
   * @throws UsageException if there is none
   */
  public static Optimization int8(List<Path> photographs) {
    if (photographs.isEmpty()) {
      throw new UsageException("int8 needs photographs for its ranges, but there is none");
    }
    return new Optimization(Kind.CPU, photographs);
  }

  /** Whether linear layers and convolutions compute in int8. */
  public boolean isInt8() {
    return !photographs.isEmpty();
  }

  /** Whether the file needs a CPU. */
  public boolean isForCpu() {
    return kind == Kind.CPU;
  }
}
