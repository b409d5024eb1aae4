package org.segtrain.torchscript;

import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.stream.Collectors;

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

  /** Bytes; the unseen samples are noise, unlike what the ranges were calibrated on. */
  static final Tolerance INT8 = new Tolerance(0.5, 0.1, "so take fp32");

  static Tolerance of(Forward forward, boolean optimized) {
    if (forward.bfloat16()) {
      return BFLOAT16;
    }
    return optimized ? OPTIMIZED : EXACT;
  }

  /** Refuses arrays of another number, shape or type, of which no difference can be told. */
  void checkForm(NDList found, NDList wanted) {
    String forms = forms(found);
    if (!forms.equals(forms(wanted))) {
      throw refusal(
          "the exported file gives %s where the block gives %s".formatted(forms, forms(wanted)));
    }
  }

  private static String forms(NDList arrays) {
    return arrays.stream()
        .map(array -> "%s of %s".formatted(array.getShape(), array.getDataType()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Refuses outputs that are further from those of the block. */
  void check(List<OutputGap> outputs) {
    outputs.forEach(this::check);
  }

  private void check(OutputGap output) {
    double share = output.places() == 0 ? 1 : (double) output.equal() / output.places();
    if (!(share >= leastEqual)) {
      throw refusal(
          ("the exported file gives the classes of the block in %.4f of the places where %.4f is"
                  + " needed")
              .formatted(share, leastEqual));
    }
    double allowed = this.share * Math.max(1, output.magnitude());
    if (!(output.difference() <= allowed)) {
      throw refusal(
          "the exported file differs from the block by %.3g where %.3g is allowed"
              .formatted(output.difference(), allowed));
    }
  }

  private IllegalStateException refusal(String what) {
    return new IllegalStateException(
        "%s, at a size that was not recorded, %s".formatted(what, otherwise));
  }
}
