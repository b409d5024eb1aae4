package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which array of a state dict goes where in a model, found from names and shapes alone. Names are
 * the model's, but for those of sources and left-over arrays.
 *
 * @param steps what is taken
 * @param kept arrays that the model makes itself and keeps, as the file has none that fits
 * @param missing arrays of the model that the file lacks
 * @param unfit arrays that have another shape and cannot be converted
 * @param leftOver arrays of the file that the model lacks, by the names of the file
 */
record Plan(
    List<Step> steps,
    List<String> kept,
    List<String> missing,
    List<Unfit> unfit,
    List<String> leftOver) {

  /**
   * One array.
   *
   * @param name in the model
   * @param sources in the state dict; several if it lists the array several times
   */
  record Step(String name, List<String> sources, Conversion conversion) {}

  /** An array whose shapes in the state dict and the model do not go together. */
  record Unfit(String name, Shape file, Shape model) {

    /** Whether only the numbers of classes differ. */
    boolean isOtherClassCount() {
      return Names.isClassifier(name)
          && file.dimension() == model.dimension()
          && file.slice(1).equals(model.slice(1));
    }
  }

  /** Finds it for a state dict of these arrays. */
  static Plan of(Map<String, Shape> file, Inventory model) {
    UnaryOperator<String> inModel = inModel(file.keySet(), model);
    Map<String, List<String>> sources = new LinkedHashMap<>();
    List<String> leftOver = new ArrayList<>();
    for (String given : file.keySet()) {
      String name = model.own(inModel.apply(given));
      if (model.shapes().containsKey(name)) {
        sources.computeIfAbsent(name, unused -> new ArrayList<>()).add(given);
      } else {
        leftOver.add(given);
      }
    }
    Plan plan =
        new Plan(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), leftOver);
    model.shapes().forEach((name, shape) -> plan.add(name, shape, sources.get(name), file));
    return plan;
  }

  /**
   * The model's names for the arrays of a file: the prefix {@code backbone.}, which a model with
   * heads has, is added or stripped.
   */
  static UnaryOperator<String> inModel(Set<String> file, Inventory model) {
    boolean whole = Names.areOfModel(file);
    if (model.isModel() == whole) {
      return UnaryOperator.identity();
    }
    return whole ? Names::withoutBackbone : name -> Names.BACKBONE + name;
  }

  private void add(String name, Shape shape, List<String> sources, Map<String, Shape> file) {
    if (sources == null) {
      (Names.isDerived(name) ? kept : missing).add(name);
      return;
    }
    Shape stored = file.get(sources.get(0)); // the others must equal it
    Optional<Conversion> conversion = Conversion.of(name, stored, shape);
    if (conversion.isPresent()) {
      steps.add(new Step(name, sources, conversion.get()));
    } else if (Names.isIndex(name)) {
      kept.add(name);
    } else {
      unfit.add(new Unfit(name, stored, shape));
    }
  }
}
