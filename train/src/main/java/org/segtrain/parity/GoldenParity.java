package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.segtrain.parity.GoldenRun.Mode;
import org.segtrain.torchscript.Autograd;

/** Repeats every run of a {@link Golden} file. */
final class GoldenParity {

  private final Golden golden;
  private final Candidate candidate;
  private final List<ParityReport.Section> sections = new ArrayList<>();

  GoldenParity(Golden golden, Candidate candidate) {
    this.golden = golden;
    this.candidate = candidate;
  }

  ParityReport run() {
    compareCounts();
    golden.runs().forEach(this::run);
    return new ParityReport(golden.name(), sections);
  }

  private void compareCounts() {
    Comparison comparison = new Comparison("parameters");
    comparison.count("all", count("", true), golden.parameters());
    golden.parts().forEach((part, count) -> comparison.count(part, count(part + ".", true), count));
    if (golden.statistics() >= 0) {
      comparison.count("running statistics", count("", false), golden.statistics());
    }
    comparison.addTo(sections);
  }

  private long count(String prefix, boolean learned) {
    return candidate.state().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> learned || entry.getKey().matches(".*running_(mean|var)"))
        .map(Map.Entry::getValue)
        .filter(parameter -> parameter.requiresGradient() == learned)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private void run(GoldenRun run) {
    boolean evaluates = run.mode() == Mode.EVALUATION;
    candidate.fill(run.filling());
    candidate.freezeStatistics(run.mode() != Mode.TRAINING);
    try (NDManager scope = candidate.manager().newSubManager();
        Autograd grad = evaluates ? Autograd.off() : Autograd.on()) {
      NDArray image = scope.create(run.filling().image(run.image(), "input"), run.image());
      image.setRequiresGradient(!evaluates);
      NDList outputs = forward(run, scope, image);
      compareOutputs(run, outputs);
      Losses losses = candidate.losses(outputs, run.image(), 0);
      compareLosses(run, losses);
      compareGradients(run, losses, image);
      compareStatistics(run);
    }
  }

  /** In evaluation, auxiliary scores come from a training pass that trains nothing. */
  private NDList forward(GoldenRun run, NDManager scope, NDArray image) {
    Comparison comparison = new Comparison(run.name() + " taps");
    Taps taps = new Taps(scope, candidate.blocks(), run.taps(), comparison);
    NDList outputs = candidate.forward(taps, image, run.mode() != Mode.EVALUATION);
    taps.finish();
    if (!run.taps().isEmpty()) {
      comparison.addTo(sections);
    }
    if (run.mode() == Mode.EVALUATION && run.outputs().containsKey(GoldenRun.AUXILIARY)) {
      NDList all = candidate.forward(taps, image, true);
      outputs.addAll(all.subNDList(1));
    }
    return outputs;
  }

  private void compareOutputs(GoldenRun run, NDList outputs) {
    Comparison comparison = new Comparison(run.name() + " outputs");
    comparison.count("number of outputs", outputs.size(), run.outputs().size());
    Iterator<NDArray> arrays = outputs.iterator();
    run.outputs()
        .forEach(
            (name, output) -> {
              if (arrays.hasNext()) {
                comparison.array(name, Measured.of(arrays.next()), output);
              }
            });
    comparison.addTo(sections);
  }

  private void compareLosses(GoldenRun run, Losses losses) {
    if (run.loss() != null) {
      Comparison comparison = new Comparison(run.name() + " loss");
      run.loss().compare(losses, comparison);
      if (!Double.isNaN(run.loss().validFraction())) {
        comparison.number(
            "valid fraction",
            Labels.of(run.image(), 0).validFraction(),
            run.loss().validFraction(),
            1e-8);
      }
      comparison.addTo(sections);
    }
  }

  private void compareGradients(GoldenRun run, Losses losses, NDArray image) {
    if (run.unreached() == null) {
      return;
    }
    Map<String, NDArray> inputs = new LinkedHashMap<>(candidate.learned());
    inputs.put(GoldenRun.IMAGE, image);
    List<NDArray> found = Autograd.gradients(losses.value().head(), List.copyOf(inputs.values()));
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    inputs.keySet().forEach(name -> gradients.put(name, found.get(gradients.size())));
    Comparison comparison = new Comparison(run.name() + " gradients");
    run.gradients()
        .forEach(
            (name, gradient) -> {
              if (gradients.containsKey(name)) {
                comparison.array(name, Measured.of(gradients.get(name)), gradient);
              } else {
                comparison.failure("this build has no parameter " + name);
              }
            });
    compareUnreached(run, gradients, comparison);
    comparison.addTo(sections);
  }

  /** A parameter with another gradient than zero has been reached, and the other way round. */
  private static void compareUnreached(
      GoldenRun run, Map<String, NDArray> gradients, Comparison comparison) {
    TreeSet<String> unreached = new TreeSet<>();
    gradients.forEach(
        (name, gradient) -> {
          if (Measured.of(gradient).norm() == 0) {
            unreached.add(name);
          }
        });
    if (!unreached.equals(new TreeSet<>(run.unreached()))) {
      comparison.failure(
          "gradients are zero of %s, not of %s".formatted(unreached, run.unreached()));
    }
  }

  private void compareStatistics(GoldenRun run) {
    if (run.statisticsAfter().isEmpty()) {
      return;
    }
    Comparison comparison = new Comparison(run.name() + " statistics");
    run.statisticsAfter()
        .forEach(
            (name, statistic) -> {
              Parameter parameter = candidate.state().get(name);
              if (parameter == null) {
                comparison.failure("this build has no statistic " + name);
              } else {
                comparison.array(name, Measured.of(parameter.getArray()), statistic);
              }
            });
    comparison.addTo(sections);
  }
}
