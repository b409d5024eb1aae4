package org.segtrain.torchscript.export;

/**
 * How far a file may be from its block.
 *
 * @param share of the largest element of an output, or of one if that is smaller
 * @param leastEqual the smallest share of places of an output with equal classes; scores that
 *     almost tie may change their order
 * @param otherwise what a file that is further away means, after a comma
 */
public record Tolerance(double share, double leastEqual, String otherwise) {

  /** Usually they agree to the bit; memory that is aligned otherwise may change the last one. */
  private static final Tolerance EXACT =
      new Tolerance(1e-5, 0.999, "so the block branches on the size of its input");

  /** Folded weights are rounded anew. */
  private static final Tolerance OPTIMIZED =
      new Tolerance(1e-4, 0.999, "so leave the optimisation out");

  /** Numbers with eight bits. */
  private static final Tolerance BFLOAT16 = new Tolerance(0.05, 0.9, "so take fp32");

  static Tolerance of(Forward forward, boolean optimized) {
    if (forward.bfloat16()) {
      return BFLOAT16;
    }
    return optimized ? OPTIMIZED : EXACT;
  }

  /**
   * Refuses a file that is further from its block.
   *
   * @throws IllegalStateException if it is
   */
  public void check(Verification checked) {
    checked.outputs().forEach(this::check);
  }

  private void check(OutputGap output) {
    double share = output.places() == 0 ? 1 : (double) output.equal() / output.places();
    if (!(share >= leastEqual)) {
      throw new IllegalStateException(
          ("the exported file gives the classes of the block in %.4f of the places where %.4f is"
                  + " needed, at a size that was not recorded, %s")
              .formatted(share, leastEqual, otherwise));
    }
    double allowed = this.share * Math.max(1, output.magnitude());
    if (!(output.difference() <= allowed)) {
      throw new IllegalStateException(
          ("the exported file differs from the block by %.3g where %.3g is allowed, at a size that"
                  + " was not recorded, %s")
              .formatted(output.difference(), allowed, otherwise));
    }
  }
}
