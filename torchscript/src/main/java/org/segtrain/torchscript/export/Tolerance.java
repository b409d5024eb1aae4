package org.segtrain.torchscript.export;

/**
 * How far a file may be from its block.
 *
 * @param share of the largest output, or of one if that is smaller
 */
record Tolerance(double share) {

  /** Usually they agree to the bit; memory that is aligned otherwise may change the last one. */
  private static final Tolerance EXACT = new Tolerance(1e-5);

  /** Folded weights are rounded anew. */
  private static final Tolerance OPTIMIZED = new Tolerance(1e-4);

  /** Numbers with eight bits. */
  private static final Tolerance BFLOAT16 = new Tolerance(0.05);

  static Tolerance of(Forward forward, boolean optimized) {
    if (forward.bfloat16()) {
      return BFLOAT16;
    }
    return optimized ? OPTIMIZED : EXACT;
  }

  void check(Verification checked) {
    double allowed = share * Math.max(1, checked.magnitude());
    if (!(checked.difference() <= allowed)) {
      throw new IllegalStateException(
          ("the exported file differs from the block by %.3g where %.3g is allowed, at a size that"
                  + " was not recorded, so the block branches on the size of its input")
              .formatted(checked.difference(), allowed));
    }
  }
}
