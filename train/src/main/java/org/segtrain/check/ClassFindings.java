package org.segtrain.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;

/** Classes that do not occur where they should, and pixels without a class. */
final class ClassFindings {

  private static final int SHOWN = 8; // names in a sentence
  private static final double MOSTLY = 0.5; // share of the pixels

  private final Evidence evidence;
  private final List<String> classes;
  private final long[] training;
  private final long[] validation;

  ClassFindings(Evidence evidence) {
    this.evidence = evidence;
    this.classes = evidence.classes();
    this.training = evidence.labels(Split.TRAINING);
    this.validation = evidence.labels(Split.VALIDATION);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (LongStream.of(training).sum() > 0 && LongStream.of(validation).sum() > 0) {
      add(
          findings,
          Kind.CLASS_NOT_TRAINED,
          this::isInNoMask,
          "in no mask",
          "take %s out of the classes, or add images" + shift());
      add(
          findings,
          Kind.CLASS_ONLY_MEASURED,
          k -> training[k] == 0 && validation[k] > 0,
          "in validation masks and in no training mask, so measured and never learnt",
          "add training images with %s, or move some");
      add(
          findings,
          Kind.CLASS_NOT_MEASURED,
          k -> training[k] > 0 && validation[k] == 0,
          "in no validation mask, so without an IoU",
          "add validation images with %s, or move some");
    }
    findings.addAll(voidMasks());
    for (Split split : evidence.splits()) {
      double share = Evidence.voidShare(evidence.labels(split));
      if (share > MOSTLY) {
        findings.add(mostlyVoid(split, share));
      }
    }
    return findings;
  }

  private void add(
      List<Finding> findings, Kind kind, IntPredicate isSo, String what, String remedy) {
    List<String> names =
        IntStream.range(0, classes.size()).filter(isSo).mapToObj(classes::get).toList();
    if (!names.isEmpty()) {
      String shown =
          names.stream().limit(SHOWN).map("\"%s\""::formatted).collect(Collectors.joining(", "));
      int more = names.size() - SHOWN;
      String list = more <= 0 ? shown : "%s and %d more".formatted(shown, more);
      findings.add(
          Finding.of(
              kind,
              names.size() == 1
                  ? "the class %s is %s".formatted(list, what)
                  : "the classes %s are %s".formatted(list, what),
              remedy.formatted(names.size() == 1 ? "it" : "them"),
              List.of()));
    }
  }

  /** The first or the last class, if no other is missing, may be one that was counted away. */
  private String shift() {
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

  private List<Finding> voidMasks() {
    Grouping grouping = new Grouping();
    for (Read read : evidence.pairs()) {
      if (read.labels()[Sample.VOID] == (long) read.mask().width() * read.mask().height()) {
        grouping.add(
            Kind.VOID_MASK,
            new Finding.Case(
                read.maskFile() + " is all void, so nothing is learnt or measured there",
                "label it, or take it out",
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
