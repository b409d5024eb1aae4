package org.segtrain.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Foreground;

/** Classes that do not occur where they should, and pixels without a class. */
final class ClassFindings {

  private static final int SHOWN = 8; // names in a sentence
  private static final double MOSTLY = 0.5; // share of the pixels

  private final Evidence evidence;
  private final List<String> classes;
  private final long[] training;
  private final long[] validation;
  private final boolean areRead;

  /**
   * Looks at the classes.
   *
   * @param areRead whether all values of masks have a meaning, so that no class can be among others
   */
  ClassFindings(Evidence evidence, boolean areRead) {
    this.areRead = areRead;
    this.evidence = evidence;
    this.classes = evidence.classes();
    this.training = evidence.labels(Split.TRAINING);
    this.validation = evidence.labels(Split.VALIDATION);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (LongStream.of(training).sum() > 0 && LongStream.of(validation).sum() > 0) {
      if (areRead) {
        classes(
                Kind.CLASS_NOT_TRAINED,
                this::isInNoMask,
                List.of(),
                "in no mask",
                evidence.hasOwnClasses()
                    ? "take %s out of the classes, or add images" + shift()
                    : "look whether all files of the data set are there")
            .ifPresent(findings::add);
      }
      classes(
              Kind.CLASS_ONLY_MEASURED,
              k -> training[k] == 0 && validation[k] > 0,
              evidence.pairs(Split.VALIDATION),
              "in validation masks and in no training mask, so measured and never learnt",
              "add training images with %s, or move some")
          .ifPresent(findings::add);
      classes(
              Kind.CLASS_NOT_MEASURED,
              k -> training[k] > 0 && validation[k] == 0,
              evidence.pairs(Split.TRAINING),
              "in no validation mask, so without an IoU",
              "add validation images with %s, or move some")
          .ifPresent(findings::add);
    }
    List<Read> learnt = evidence.pairs(Split.TRAINING);
    boolean isVoid = !learnt.isEmpty() && learnt.stream().allMatch(ClassFindings::isVoid);
    if (isVoid) {
      findings.add(
          Finding.of(
              Kind.NO_LABELS,
              Foreground.allVoid(learnt.size()),
              "label them, or say with files.labels what their values mean",
              Colours.files(learnt)));
    }
    findings.addAll(voidMasks(isVoid));
    for (Split split : evidence.splits()) {
      double share = Evidence.voidShare(evidence.weighted(split));
      if (share > MOSTLY && !(isVoid && split == Split.TRAINING)) {
        findings.add(mostlyVoid(split, share));
      }
    }
    return findings;
  }

  /**
   * The finding about the classes for which {@code isSo} holds.
   *
   * @param where masks of which those are named that have one
   */
  private Optional<Finding> classes(
      Kind kind, IntPredicate isSo, List<Read> where, String what, String remedy) {
    List<Integer> which = IntStream.range(0, classes.size()).filter(isSo).boxed().toList();
    if (which.isEmpty()) {
      return Optional.empty();
    }
    String shown =
        which.stream()
            .limit(SHOWN)
            .map(k -> "\"%s\"".formatted(classes.get(k)))
            .collect(Collectors.joining(", "));
    int more = which.size() - SHOWN;
    String list = more <= 0 ? shown : "%s and %d more".formatted(shown, more);
    boolean isOne = which.size() == 1;
    return Optional.of(
        Finding.of(
            kind,
            (isOne ? "the class %s is %s" : "the classes %s are %s").formatted(list, what),
            remedy.formatted(isOne ? "it" : "them"),
            Colours.files(
                where.stream()
                    .filter(read -> which.stream().anyMatch(k -> read.labels()[k] > 0))
                    .toList())));
  }

  /** The first or the last class, if no other is missing, may be one that was counted away. */
  private String shift() {
    if (!evidence.folders().isEmpty()) {
      return ""; // which all count alike
    }
    int first = evidence.config().files().first();
    int last = classes.size() - 1;
    long missing = IntStream.rangeClosed(0, last).filter(this::isInNoMask).count();
    if (missing == 1 && first == 0 && isInNoMask(0)) {
      return ", or give files.first 1 if masks count from 1";
    }
    return missing == 1 && first == 1 && isInNoMask(last)
        ? ", or give files.first 0 if masks count from 0"
        : "";
  }

  private boolean isInNoMask(int k) {
    return training[k] + validation[k] == 0;
  }

  private static boolean isVoid(Read read) {
    return read.labels()[Sample.VOID] == (long) read.mask().width() * read.mask().height();
  }

  /**
   * Masks that are all void.
   *
   * @param isSaid whether those of training all are, which another finding says
   */
  private List<Finding> voidMasks(boolean isSaid) {
    Grouping grouping = new Grouping();
    for (Read read : evidence.pairs()) {
      if (isVoid(read) && !(isSaid && read.split() == Split.TRAINING)) {
        grouping.add(
            Kind.VOID_MASK,
            new Finding.Case(
                read.maskFile() + " is all void, so nothing is learnt or measured there",
                "label it, or take it out with its image",
                List.of(read.maskFile())));
      }
    }
    return grouping.findings();
  }

  private static Finding mostlyVoid(Split split, double share) {
    return Finding.of(
        Kind.MOSTLY_VOID,
        "%.0f %% of the %s pixels are void, so little is left of them"
            .formatted(100 * share, split),
        "label more, or say with files.labels what the void values mean",
        List.of());
  }
}
