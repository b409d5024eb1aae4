package org.segtrain.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Autograd;
import org.segtrain.loss.SegmentationLoss;
import org.segtrain.optim.AdamW;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Rule;

/**
 * Repeats the steps of a {@link Trajectory} with the loss and the optimiser that training uses: in
 * float32, and if that leaves a step open, in float64, where nothing but the last digits may
 * differ.
 */
final class TrajectoryParity {

  private static final double CLIP_EPSILON = 1e-6; // of PyTorch's clip_grad_norm_

  private final Trajectory golden;
  private final Device device;
  private final List<ParityReport.Section> sections = new ArrayList<>();

  TrajectoryParity(Trajectory golden, Device device) {
    this.golden = golden;
    this.device = device;
  }

  ParityReport run() {
    if (!decided(DataType.FLOAT32)) {
      decided(DataType.FLOAT64);
    }
    return new ParityReport(golden.backbone() + " with " + golden.head(), sections);
  }

  /** Repeats all steps with arrays of that type, and returns whether no number is left open. */
  private boolean decided(DataType type) {
    try (Candidate candidate = Candidate.of(golden.backbone(), golden.head(), device, type)) {
      Comparison losses = comparison("losses", candidate);
      Comparison norms = comparison("gradient norms", candidate);
      Comparison parameters = comparison("parameters after the last step", candidate);
      Comparison statistics = comparison("statistics after the last step", candidate);
      candidate.fill(Filling.HASH);
      candidate.freezeStatistics(false);
      AdamW optimiser =
          new AdamW(candidate.manager(), candidate.state(), groups(), golden.weightDecay());
      for (int step = 0; step < golden.steps().size(); step++) {
        step(step, candidate, optimiser, losses, norms);
      }
      parameters.arrays("parameter", candidate.arrays(), golden.parameters());
      statistics.arrays("statistic", candidate.arrays(), golden.statistics());
      List<Comparison> all = List.of(losses, norms, parameters, statistics);
      all.forEach(comparison -> comparison.addTo(sections));
      return all.stream().noneMatch(Comparison::hasUndecided);
    }
  }

  private static Comparison comparison(String name, Candidate candidate) {
    return candidate.type() == DataType.FLOAT32
        ? Comparison.undecided(name)
        : Comparison.deciding(name + candidate.precision());
  }

  /** Everything but the backbone learns faster. */
  private ParameterGroups groups() {
    Rule others = new Rule("^(?!backbone\\.)", golden.multiplier(), 1);
    return new ParameterGroups(Decay.MATRICES, List.of(others));
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private void step(
      int step, Candidate candidate, AdamW optimiser, Comparison losses, Comparison norms) {
    Trajectory.Step expected = golden.steps().get(step);
    String when = "step %d, ".formatted(step);
    try (NDManager scope = candidate.manager().newSubManager();
        Autograd on = Autograd.on()) {
      NDArray image =
          candidate.create(
              scope, Filling.HASH.image(golden.image(), "input" + step), golden.image());
      NDList scores = candidate.forward(new ParameterStore(scope, false), image, true);
      Labels labels = Labels.of(golden.image(), step);
      List<SegmentationLoss> parts = losses(scores, labels);
      Losses.Numbers numbers = total(parts, candidate);
      List<NDArray> scoreGradients = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        scoreGradients.add(parts.get(i).gradient().mul(candidate.lossWeight(i)));
      }
      List<NDArray> gradients = Autograd.gradients(scores, scoreGradients, optimiser.weights());
      double norm = ArrayLists.norm(gradients);
      if (candidate.type() == DataType.FLOAT32) {
        expected.loss().compare(when, numbers, labels, losses);
        double tolerance = Tolerance.number(expected.norm(), expected.normInFloat64());
        norms.number(when + "norm", norm, expected.norm(), tolerance);
      } else {
        losses.inFloat64(when + "total", numbers.total(), expected.loss().totalInFloat64());
        norms.inFloat64(when + "norm", norm, expected.normInFloat64());
      }
      ArrayLists.scale(gradients, Math.min(1, golden.clip() / (norm + CLIP_EPSILON)));
      optimiser.step(gradients, golden.learningRates().get(step));
    }
  }

  private static List<SegmentationLoss> losses(NDList scores, Labels labels) {
    NDArray truth = labels.array(scores.head().getManager());
    double pixelWeight = 1.0 / labels.valid();
    return scores.stream()
        .map(one -> SegmentationLoss.of(one, truth, null, pixelWeight, false))
        .toList();
  }

  private static Losses.Numbers total(List<SegmentationLoss> parts, Candidate candidate) {
    double total = 0;
    for (int i = 0; i < parts.size(); i++) {
      total += parts.get(i).value() * candidate.lossWeight(i);
    }
    double auxiliary = parts.size() > 1 ? parts.get(1).value() : Double.NaN;
    return new Losses.Numbers(total, parts.get(0).value(), auxiliary);
  }
}
