package org.segtrain.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * Whether a plan loads enough. Every array of the backbone must come from the file, and every one
 * of the head if the file has a head at all. The file must have no more layers than the model.
 * Auxiliary heads, which only training uses, come whole or not at all.
 */
record Judgement(Path file, Container container, Inventory model, Plan plan, LoadOptions options) {

  /**
   * Passes it.
   *
   * @throws DataException if it does not load enough, with what is wrong first
   */
  void refuseUnlessEnough() {
    if (plan.steps().isEmpty() && plan.unfit().isEmpty()) {
      throw refusal(
          "it has %s, the model needs %s"
              .formatted(
                  LoadReport.summary(container.shapes().keySet()),
                  LoadReport.summary(model.shapes().keySet())));
    }
    plan.unfit().forEach(this::refuseUnlessRenewed);
    refuseIfAny("it lacks %s", missing(name -> !isOfHead(name)));
    refuseIfAny("the model has no place for its %s", extra());
    List<String> head = missing(name -> isOfHead(name) && !Names.isAuxiliary(name));
    if (hasHead()) {
      refuseIfAny("it lacks %s", head);
    } else if (options.headRequired() && !head.isEmpty()) {
      throw new DataException(
          "%s has a backbone but no head, so it cannot segment; train one from %s first"
              .formatted(container.in(file), file));
    }
    if (plan.steps().stream().map(Plan.Step::name).anyMatch(Names::isAuxiliary)) {
      refuseIfAny("it lacks %s", missing(Names::isAuxiliary));
    }
  }

  /** The report for the user. */
  LoadReport report() {
    Predicate<String> classification = classification();
    List<String> converted = new ArrayList<>();
    for (Plan.Step step : plan.steps()) {
      if (step.conversion() != Conversion.NONE) {
        converted.add(
            "%s resized from %s to %s"
                .formatted(
                    step.name(),
                    container.shapes().get(step.sources().get(0)),
                    model.shapes().get(step.name())));
      }
    }
    return new LoadReport(
        file,
        container.path(),
        plan.steps().stream().map(Plan.Step::name).toList(),
        converted,
        plan.kept().stream().filter(name -> !isNew(name)).toList(),
        model.shapes().keySet().stream().filter(this::isNew).toList(),
        plan.unfit().stream().map(Plan.Unfit::name).toList(),
        leftOver(classification),
        leftOver(classification.negate()),
        List.copyOf(container.others()));
  }

  private void refuseUnlessRenewed(Plan.Unfit one) {
    if (!one.isOtherClassCount()) {
      throw refusal(
          "its %s is %s, but that of the model is %s"
              .formatted(one.name(), one.file(), one.model()));
    } else if (!options.newClassifier()) {
      throw otherClasses(one.file().get(0), one.model().get(0));
    }
  }

  /** Of two classes there may be one logit, that of the second. */
  private DataException otherClasses(long there, long asked) {
    String sentence =
        there == 1 || asked == 1
            ? "%s has %s, but the model has %s; give data or a list of %d classes %s, or"
                .formatted(
                    container.in(file),
                    logits(there),
                    logits(asked),
                    there == 1 ? 2 : there,
                    there == 1 ? "with optOneLogit(true)" : "with optOneLogit(false)")
            : "%s tells %s apart, but %d are asked for; give data or a list of %s, or"
                .formatted(
                    container.in(file),
                    Counted.of(there, "class"),
                    asked,
                    Counted.of(there, "class"));
    return new DataException(sentence + " train a new classifier from it");
  }

  private static String logits(long number) {
    return number == 1 ? "one logit" : number + " logits";
  }

  private void refuseIfAny(String sentence, List<String> names) {
    if (!names.isEmpty()) {
      throw refusal(sentence.formatted(LoadReport.summary(names)));
    }
  }

  /** Arrays of the file in parts that the model has too: it has more layers. */
  private List<String> extra() {
    Set<String> places =
        model.shapes().keySet().stream().map(Names::place).collect(Collectors.toSet());
    UnaryOperator<String> inModel = Plan.inModel(container.shapes().keySet(), model);
    return leftOver(name -> places.contains(Names.place(inModel.apply(name))));
  }

  /** Whether the file has a head that segments. */
  private boolean hasHead() {
    return fileIsModel()
        && container.shapes().keySet().stream()
            .anyMatch(name -> !name.startsWith(Names.BACKBONE) && !Names.isClassification(name));
  }

  private boolean isOfHead(String name) {
    return model.isModel() && !name.startsWith(Names.BACKBONE);
  }

  /** Whether it is of a head that the file lacks. */
  private boolean isNew(String name) {
    return plan.missing().stream()
        .anyMatch(missing -> Names.place(missing).equals(Names.place(name)));
  }

  /** OCR's last layer is called as what classifies images is, but only the head of a model is. */
  private Predicate<String> classification() {
    boolean hasHead = hasHead();
    return name -> (!hasHead || name.startsWith(Names.BACKBONE)) && Names.isClassification(name);
  }

  private boolean fileIsModel() {
    return Names.areOfModel(container.shapes().keySet());
  }

  private List<String> missing(Predicate<String> wanted) {
    return plan.missing().stream().filter(wanted).toList();
  }

  private List<String> leftOver(Predicate<String> wanted) {
    return plan.leftOver().stream().filter(wanted).toList();
  }

  private DataException refusal(String detail) {
    return new Refusal(container.in(file), container.shapes(), model.everyName()).of(detail);
  }
}
