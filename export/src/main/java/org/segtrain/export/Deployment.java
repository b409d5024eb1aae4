package org.segtrain.export;

import org.segtrain.config.Precision;
import org.segtrain.data.Sample;
import org.segtrain.errors.UsageException;

/**
 * The use of a model elsewhere.
 *
 * @param input what it reads
 * @param output what it gives
 * @param confidence whether classes are followed by their probabilities
 * @param precision of weights and activations
 * @param optimization of the file
 */
public record Deployment(
    InputForm input,
    OutputForm output,
    boolean confidence,
    Precision precision,
    Optimization optimization) {

  public Deployment {
    if (confidence && output != OutputForm.CLASS_MAP) {
      throw new UsageException(
          "confidence goes with output %s, but output is %s, from which softmax gives it"
              .formatted(OutputForm.CLASS_MAP, output));
    }
    if (precision == Precision.TF32) {
      throw new UsageException(
          "an exported file has the precision fp32 or bf16, but it is tf32; export fp32, and evaluate or predict with tf32");
    }
    if (precision == Precision.BF16 && optimization.isInt8()) {
      throw new UsageException(
          "int8 has float32 between its layers, but the precision is bf16; leave one of them out");
    }
  }

  /**
   * Refuses more classes than the output can tell apart.
   *
   * @throws UsageException if there are
   */
  public void check(int classes) {
    if (output == OutputForm.CLASS_MAP && classes > Sample.VOID) {
      throw new UsageException(
          "output %s has bytes, which tell at most %d classes apart, but there are %d; choose output %s or %s, and format torchscript or onnx"
              .formatted(
                  OutputForm.CLASS_MAP,
                  Sample.VOID,
                  classes,
                  OutputForm.FULL_LOGITS,
                  OutputForm.LOGITS));
    }
  }
}
