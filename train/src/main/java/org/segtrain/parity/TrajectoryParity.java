package org.segtrain.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.torchscript.ArrayLists;
import org.segtrain.torchscript.Autograd;

/** Repeats the steps of a {@link Trajectory}: loss, clipping, optimiser and their order. */
final class TrajectoryParity {

  private final Trajectory golden;
  private final Device device;

  TrajectoryParity(Trajectory golden, Device device) {
    this.golden = golden;
    this.device = device;
  }

  ParityReport run() {
    List<ParityReport.Section> sections = new ArrayList<>();
    Comparison losses = Comparison.deciding("losses");
    Comparison norms = Comparison.deciding("gradient norms");
    try (Candidate candidate =
        Candidate.of(golden.backbone(), golden.head(), device, DataType.FLOAT32)) {
      candidate.fill(Filling.HASH);
      candidate.freezeStatistics(false);
      List<Group> groups = groups(candidate);
      for (int step = 0; step < golden.steps().size(); step++) {
        step(step, candidate, groups, losses, norms);
      }
      losses.addTo(sections);
      norms.addTo(sections);
      Map<String, NDArray> state = new LinkedHashMap<>();
      candidate.state().forEach((name, value) -> state.put(name, value.getArray()));
      compare("parameters after the last step", state, golden.parameters(), sections);
      compare("statistics after the last step", state, golden.statistics(), sections);
    }
    return new ParityReport(golden.backbone() + " with " + golden.head(), sections);
  }

  private static void compare(
      String name,
      Map<String, NDArray> state,
      Map<String, GoldenArray> golden,
      List<ParityReport.Section> sections) {
    Comparison comparison = Comparison.deciding(name);
    Repetition.compareNamed("parameter", state, golden, comparison);
    comparison.addTo(sections);
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private void step(
      int index, Candidate candidate, List<Group> groups, Comparison losses, Comparison norms) {
    Trajectory.Step expected = golden.steps().get(index);
    try (NDManager scope = candidate.manager().newSubManager();
        Autograd on = Autograd.on()) {
      Shape shape = golden.image();
      NDArray image = candidate.create(scope, Filling.HASH.image(shape, "input" + index), shape);
      NDList outputs = candidate.forward(new ParameterStore(scope, false), image, true);
      Losses found = candidate.losses(outputs, shape, index);
      String when = "step %d, ".formatted(index);
      expected.loss().compare(when, found, Labels.of(shape, index), losses);

      List<NDArray> weights = groups.stream().flatMap(group -> group.weights.stream()).toList();
      List<NDArray> gradients = Autograd.gradients(found.value().head(), weights);
      double norm = ArrayLists.norm(gradients);
      norms.number(
          when + "norm",
          norm,
          expected.norm(),
          Tolerance.number(expected.norm(), expected.normInFloat64()));
      ArrayLists.scale(gradients, Math.min(1, golden.clip() / (norm + 1e-6)));
      int first = 0;
      for (Group group : groups) {
        int last = first + group.weights.size();
        group.update(gradients.subList(first, last), golden.learningRates().get(index));
        first = last;
      }
    }
  }

  private List<Group> groups(Candidate candidate) {
    Map<String, Group> groups = new LinkedHashMap<>();
    candidate
        .learned()
        .forEach(
            (name, weight) -> {
              boolean backbone = name.startsWith("backbone.");
              boolean decays = decays(name, weight);
              groups
                  .computeIfAbsent(backbone + " " + decays, key -> new Group(backbone, decays))
                  .add(weight);
            });
    return List.copyOf(groups.values());
  }

  private static boolean decays(String name, NDArray weight) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return weight.getShape().dimension() >= 2
        && !last.startsWith("pos_embed")
        && !name.contains("relative_position");
  }

  /** Weights with the same learning rate and decay, and their moments. */
  private final class Group {

    private final double multiplier;
    private final double decay;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> squares = new ArrayList<>();
    private final List<NDArray> steps = new ArrayList<>();

    Group(boolean backbone, boolean decays) {
      this.multiplier = backbone ? 1 : golden.multiplier();
      this.decay = decays ? golden.weightDecay() : 0;
    }

    void add(NDArray weight) {
      weights.add(weight);
      means.add(weight.getManager().zeros(weight.getShape()));
      squares.add(weight.getManager().zeros(weight.getShape()));
      steps.add(weight.getManager().zeros(new Shape()));
    }

    void update(List<NDArray> gradients, double learningRate) {
      ArrayLists.adamW(
          weights,
          gradients,
          means,
          squares,
          steps,
          new ArrayLists.AdamWFactors(
              learningRate * multiplier, golden.beta1(), golden.beta2(), decay, golden.epsilon()));
    }
  }
}
