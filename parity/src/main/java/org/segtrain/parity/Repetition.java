package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.segtrain.engine.Autograd;
import org.segtrain.parity.GoldenRun.Mode;

/** A run of the reference, repeated with a model of this build. */
final class Repetition {

  private final GoldenRun run;
  private final ParityModel model;
  private final List<ParityReport.Section> sections;
  private final boolean decides;
  private boolean undecided;

  /**
   * A run yet to be repeated.
   *
   * @param sections to which the results are added
   * @param decides whether each array is right or wrong, or may be undecided
   */
  Repetition(
      GoldenRun run, ParityModel model, List<ParityReport.Section> sections, boolean decides) {
    this.run = run;
    this.model = model;
    this.sections = sections;
    this.decides = decides;
  }

  /** Repeats the run and returns whether all arrays are decided. The model has been filled. */
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  boolean decided() {
    boolean evaluates = run.mode() == Mode.EVALUATION;
    model.freezeStatistics(run.mode() != Mode.TRAINING);
    try (NDManager scope = model.manager().newSubManager();
        Autograd grad = evaluates ? Autograd.off() : Autograd.on()) {
      NDArray image = model.create(scope, run.filling().image(run.image(), "input"), run.image());
      image.setRequiresGradient(!evaluates);
      NDList outputs = forward(scope, image);
      compareOutputs(outputs);
      Losses losses = model.losses(outputs, run.image(), 0);
      compareLosses(losses);
      if (run.unreached() != null) {
        compareGradients(losses, image);
      }
      compareStatistics();
    }
    return !undecided;
  }

  private NDList forward(NDManager scope, NDArray image) {
    Comparison comparison = comparison("taps");
    Taps taps = new Taps(scope, model.blocks(), run.taps(), comparison);
    NDList outputs = model.forward(taps, image, run.mode() != Mode.EVALUATION);
    taps.finish();
    if (!run.taps().isEmpty()) {
      finish(comparison);
    }
    boolean auxiliary = run.outputs().containsKey(GoldenRun.AUXILIARY);
    if (run.mode() == Mode.EVALUATION && auxiliary) { // only training passes give these scores
      outputs.addAll(model.forward(taps, image, true).subNDList(1));
    }
    return outputs;
  }

  private void compareOutputs(NDList outputs) {
    if (run.outputs().isEmpty()) {
      return;
    }
    Comparison comparison = comparison("outputs");
    comparison.count("number of outputs", outputs.size(), run.outputs().size());
    Iterator<NDArray> arrays = outputs.iterator();
    run.outputs()
        .forEach(
            (name, output) -> {
              if (arrays.hasNext()) {
                comparison.array(name, Measured.of(arrays.next()), output);
              }
            });
    finish(comparison);
  }

  private void compareLosses(Losses losses) {
    if (run.loss() != null) {
      Comparison comparison = comparison("loss");
      run.loss().compare("", losses.numbers(), Labels.of(run.image(), 0), comparison);
      finish(comparison);
    }
  }

  private void compareGradients(Losses losses, NDArray image) {
    Map<String, NDArray> inputs = new LinkedHashMap<>(model.learned());
    inputs.put(GoldenRun.IMAGE, image);
    List<NDArray> found = Autograd.gradients(losses.value().head(), List.copyOf(inputs.values()));
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    inputs.keySet().forEach(name -> gradients.put(name, found.get(gradients.size())));
    Comparison comparison = comparison("gradients");
    comparison.arrays("parameter", gradients, run.gradients());
    compareUnreached(gradients, comparison);
    finish(comparison);
  }

  /** A parameter with another gradient than zero has been reached, and the other way round. */
  private void compareUnreached(Map<String, NDArray> gradients, Comparison comparison) {
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

  private void compareStatistics() {
    if (!run.statisticsAfter().isEmpty()) {
      Comparison comparison = comparison("statistics");
      comparison.arrays("statistic", model.arrays(), run.statisticsAfter());
      finish(comparison);
    }
  }

  private Comparison comparison(String part) {
    String name = "%s %s%s".formatted(run.name(), part, model.precision());
    return decides ? Comparison.deciding(name) : Comparison.undecided(name);
  }

  private void finish(Comparison comparison) {
    comparison.addTo(sections);
    undecided |= comparison.hasUndecided();
  }
}
