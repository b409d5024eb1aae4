package org.segtrain.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Autograd;
import org.segtrain.loss.internal.SegmentationLoss;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.internal.AdamW;

/**
 * Repeats the steps of a {@link Trajectory} with training's loss and optimiser. It runs in float32,
 * and if that leaves a step open, in float64, where only the last digits may differ.
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
    try (ParityModel model = ParityModel.of(golden.backbone(), golden.head(), device, type)) {
      Comparison losses = comparison(Trajectory.LOSSES, model);
      Comparison norms = comparison(Trajectory.NORMS, model);
      model.fill(Filling.HASH);
      model.freezeStatistics(false);
      AdamW optimiser = new AdamW(model.manager(), model.state(), groups(), golden.weightDecay());
      for (int step = 0; step < golden.learningRates().size(); step++) {
        step(step, model, optimiser, losses, norms);
      }
      List<Comparison> all = new ArrayList<>();
      if (!golden.steps().isEmpty()) {
        all.addAll(List.of(losses, norms));
      }
      all.addAll(arrays(Trajectory.PARAMETERS, "parameter", golden.parameters(), model));
      all.addAll(arrays(Trajectory.STATISTICS, "statistic", golden.statistics(), model));
      all.forEach(comparison -> comparison.addTo(sections));
      return all.stream().noneMatch(Comparison::hasUndecided);
    }
  }

  /** None if the file states none. */
  private static List<Comparison> arrays(
      String section, String kind, Map<String, GoldenArray> stated, ParityModel model) {
    if (stated.isEmpty()) {
      return List.of();
    }
    Comparison comparison = comparison(section, model);
    comparison.arrays(kind, model.arrays(), stated);
    return List.of(comparison);
  }

  private static Comparison comparison(String name, ParityModel model) {
    return model.type() == DataType.FLOAT32
        ? Comparison.undecided(name)
        : Comparison.deciding(name + model.precision());
  }

  /** Everything but the backbone learns faster. */
  private ParameterGroups groups() {
    Rule others = new Rule("^(?!backbone\\.)", golden.multiplier(), 1);
    return new ParameterGroups(Decay.MATRICES, List.of(others));
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private void step(
      int step, ParityModel model, AdamW optimiser, Comparison losses, Comparison norms) {
    try (NDManager scope = model.manager().newSubManager();
        Autograd on = Autograd.on()) {
      NDArray image =
          model.create(scope, Filling.HASH.image(golden.image(), "input" + step), golden.image());
      NDList scores = model.forward(new ParameterStore(scope, false), image, true);
      Labels labels = Labels.of(golden.image(), step);
      List<SegmentationLoss> parts = losses(scores, labels);
      Losses.Numbers numbers = total(parts, model);
      List<NDArray> scoreGradients = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        scoreGradients.add(parts.get(i).gradient().mul(model.lossWeight(i)));
      }
      List<NDArray> gradients = Autograd.gradients(scores, scoreGradients, optimiser.weights());
      double norm = ArrayLists.norm(gradients);
      if (!golden.steps().isEmpty()) {
        boolean inFloat64 = model.type() == DataType.FLOAT64;
        compareLosses(step, inFloat64, numbers, labels, losses);
        compareNorms(step, inFloat64, norm, norms);
      }
      ArrayLists.scale(gradients, Math.min(1, golden.clip() / (norm + CLIP_EPSILON)));
      optimiser.step(gradients, golden.learningRates().get(step));
    }
  }

  private void compareLosses(
      int step, boolean inFloat64, Losses.Numbers numbers, Labels labels, Comparison losses) {
    GoldenLoss expected = golden.steps().get(step).loss();
    String when = "step %d, ".formatted(step);
    if (inFloat64) {
      losses.inFloat64(when + "total", numbers.total(), expected.totalInFloat64());
    } else {
      expected.compare(when, numbers, labels, losses);
    }
  }

  private void compareNorms(int step, boolean inFloat64, double norm, Comparison norms) {
    Trajectory.Step expected = golden.steps().get(step);
    String what = "step %d, norm".formatted(step);
    if (inFloat64) {
      norms.inFloat64(what, norm, expected.normInFloat64());
    } else {
      double tolerance = Tolerance.number(expected.norm(), expected.normInFloat64());
      norms.number(what, norm, expected.norm(), tolerance);
    }
  }

  private static List<SegmentationLoss> losses(NDList scores, Labels labels) {
    NDArray truth = labels.array(scores.head().getManager());
    double pixelWeight = 1.0 / labels.valid();
    return scores.stream()
        .map(one -> SegmentationLoss.of(one, truth, null, pixelWeight, false))
        .toList();
  }

  private static Losses.Numbers total(List<SegmentationLoss> parts, ParityModel model) {
    double total = 0;
    for (int i = 0; i < parts.size(); i++) {
      total += parts.get(i).value() * model.lossWeight(i);
    }
    double auxiliary = parts.size() > 1 ? parts.get(1).value() : Double.NaN;
    return new Losses.Numbers(total, parts.get(0).value(), auxiliary);
  }
}
