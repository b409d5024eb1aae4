package org.segtrain.torchscript.export;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.segtrain.torchscript.Autograd;

/** A comparison of a file with the block that it was made of. */
final class Verification {

  /** The axes of scores: {@code B K} or {@code B K H W}. */
  private static final Set<Integer> SCORES = Set.of(2, 4);

  private final Forward forward;
  private double difference;
  private double magnitude;
  private long pixels;
  private long equal;

  private Verification(Forward forward) {
    this.forward = forward;
  }

  /** Runs both on the unseen samples. */
  @SuppressWarnings("try") // the switch is there to be closed
  static Verification of(Path file, Forward forward, Samples samples) {
    Verification verification = new Verification(forward);
    try (PtNDManager manager =
            (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(forward.device());
        Autograd off = Autograd.off()) {
      PtSymbolBlock module =
          JniUtils.loadModule(manager, file, false, new String[0], new String[0], false);
      samples.unseen().forEach(sample -> verification.compare(manager, module, sample));
    }
    return verification;
  }

  /** The largest absolute difference between any two elements that are not whole numbers. */
  double difference() {
    return difference;
  }

  /** The largest element of what the block gave. */
  double magnitude() {
    return magnitude;
  }

  /** The share of places with the same highest score, along axis 1, or the same whole number. */
  double equalClasses() {
    return pixels == 0 ? 1 : (double) equal / pixels;
  }

  private void compare(
      PtNDManager owner, PtSymbolBlock module, Function<NDManager, NDList> sample) {
    try (NDManager scope = owner.newSubManager()) {
      NDList found = IValueUtils.forward(module, sample.apply(scope), false);
      NDList wanted = forward.run(forward.parameters(scope), sample.apply(scope));
      if (found.size() != wanted.size()) {
        throw new IllegalStateException(
            "the file gives %d arrays, the block %d".formatted(found.size(), wanted.size()));
      }
      for (int i = 0; i < found.size(); i++) {
        compare(found.get(i), wanted.get(i));
      }
    }
  }

  private void compare(NDArray found, NDArray wanted) {
    if (!found.getShape().equals(wanted.getShape())) {
      throw new IllegalStateException(
          "the file gives %s, the block %s".formatted(found.getShape(), wanted.getShape()));
    }
    if (!wanted.getDataType().isFloating()) {
      count(found.eq(wanted));
      return;
    }
    NDArray exact = wanted.toType(DataType.FLOAT64, false);
    NDArray gap = found.toType(DataType.FLOAT64, false).sub(exact).abs();
    difference = Math.max(difference, gap.max().getDouble());
    magnitude = Math.max(magnitude, exact.abs().max().getDouble());
    if (SCORES.contains(wanted.getShape().dimension())) {
      count(found.argMax(1).eq(wanted.argMax(1)));
    }
  }

  private void count(NDArray same) {
    equal += same.toType(DataType.INT64, false).sum().getLong();
    pixels += same.size();
  }
}
