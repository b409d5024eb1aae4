package org.segtrain.torchscript;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.segtrain.engine.Autograd;

/** A comparison of a file with the block that it was made of. */
public final class Verification {

  private final Forward forward;
  private final Tolerance tolerance;
  private final List<OutputGap> outputs = new ArrayList<>();

  private Verification(Forward forward, Tolerance tolerance) {
    this.forward = forward;
    this.tolerance = tolerance;
  }

  /**
   * Runs a file in some engine and {@code block} on the unseen samples.
   *
   * @param program runs the file; its outputs belong to the manager of its inputs
   * @throws IllegalStateException if the outputs of file and block differ in number, shape or type,
   *     or by more than {@code tolerance} allows
   */
  public static Verification of(
      UnaryOperator<NDList> program, Block block, Samples samples, Tolerance tolerance) {
    return of(program, new Forward(block, false), samples, tolerance);
  }

  /** Runs a TorchScript file and the block on the unseen samples, with the same exception. */
  static Verification of(Path file, Forward forward, Samples samples, Tolerance tolerance) {
    try (LoadedScript script = LoadedScript.of(file, forward.device())) {
      return of(script::run, forward, samples, tolerance);
    }
  }

  @SuppressWarnings("try") // the switch is there to be closed
  private static Verification of(
      UnaryOperator<NDList> program, Forward forward, Samples samples, Tolerance tolerance) {
    Verification verification = new Verification(forward, tolerance);
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(forward.device());
        Autograd off = Autograd.off()) {
      samples.unseen().forEach(sample -> verification.compare(manager, program, sample));
    }
    tolerance.check(verification.outputs);
    return verification;
  }

  /** The largest absolute difference between any two elements that are not whole numbers. */
  public double difference() {
    return outputs.stream().mapToDouble(OutputGap::difference).max().orElse(0);
  }

  /** The share of places with the same highest score, along axis 1, or the same whole number. */
  public double equalClasses() {
    long places = outputs.stream().mapToLong(OutputGap::places).sum();
    long equal = outputs.stream().mapToLong(OutputGap::equal).sum();
    return places == 0 ? 1 : (double) equal / places;
  }

  private void compare(
      NDManager owner, UnaryOperator<NDList> program, Function<NDManager, NDList> sample) {
    try (NDManager scope = owner.newSubManager()) {
      NDList found = program.apply(sample.apply(scope));
      NDList wanted = forward.run(forward.parameters(scope), sample.apply(scope));
      tolerance.checkForm(found, wanted);
      for (int i = 0; i < found.size(); i++) {
        if (outputs.size() == i) {
          outputs.add(new OutputGap());
        }
        outputs.get(i).add(found.get(i), wanted.get(i));
      }
    }
  }
}
