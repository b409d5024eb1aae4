package org.segtrain.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.check.Finding.Severity;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Foreground;

/** Values and colours of masks that mean nothing, or probably something else than declared. */
final class ValueFindings {

  private static final int SHOWN = 8; // values in a sentence
  private static final double MOST = 0.5; // share of the masks in which a value is no slip

  private static final String BACKGROUND = "background"; // what is not of the only class
  private static final String FOREGROUND = "foreground"; // if that is the background
  private static final int NONE = -1; // what a value means that means nothing

  private final Evidence evidence;
  private final List<Read> pairs;
  private final List<String> classes;

  ValueFindings(Evidence evidence) {
    this.evidence = evidence;
    this.pairs = evidence.pairs();
    this.classes = evidence.classes();
  }

  List<Finding> findings() {
    List<Read> byValue = pairs.stream().filter(read -> !isByColour(read)).toList();
    List<Read> byColour = pairs.stream().filter(this::isByColour).toList();
    List<Finding> findings = new ArrayList<>();
    if (classes.size() == 1) {
      findings.add(oneClass(byValue));
    }
    findings.addAll(new ColourFindings(evidence, byColour).findings());
    List<Finding> palettes = new PaletteFindings(evidence, byValue).findings();
    for (Finding finding : ofValues(byValue)) {
      boolean contradicts = !palettes.isEmpty() && finding.severity() == Severity.ERROR;
      findings.add(contradicts ? finding.remediedBy(PaletteFindings.REMEDY) : finding);
    }
    findings.addAll(palettes);
    return findings;
  }

  private List<Finding> ofValues(List<Read> masks) {
    Optional<Finding> whole = binary(masks);
    if (whole.isPresent()) {
      return List.of(whole.get());
    }
    List<Finding> strange = strangeFolders(masks);
    if (!strange.isEmpty()) {
      return strange;
    }
    if (classes.size() == 1) {
      return List.of(); // that there is one says what to do
    }
    List<Finding> findings = new ArrayList<>(unknown(masks));
    binaryAmongOthers(masks).ifPresent(findings::add);
    return findings;
  }

  private boolean isByColour(Read read) {
    return evidence.files().isByColour(read.pair(), read.mask());
  }

  /** All labelled pixels are of one class, so that nothing is told apart. */
  private Finding oneClass(List<Read> masks) {
    List<String> labels = evidence.config().files().labels();
    String only = classes.get(0);
    return Finding.of(
        Kind.ONE_CLASS,
        Foreground.oneClass(only),
        labels.isEmpty()
            ? "write the background into classes.txt too, as its first line if its pixels are 0"
            : others(masks, labels, only.equals(BACKGROUND) ? FOREGROUND : BACKGROUND),
        List.of());
  }

  /** Names the values that are not of the only class: those without a meaning, or else void. */
  private String others(List<Read> masks, List<String> labels, String name) {
    Set<Integer> others = valuesOf(masks, NONE);
    if (others.isEmpty()) {
      others = valuesOf(masks, Sample.VOID);
    }
    return others.isEmpty()
        ? "paint the %s too, and name its value in files.labels".formatted(name)
        : "name the %s too, as in files.labels %s"
            .formatted(name, Meanings.with(labels, others, name));
  }

  /** The values that have that label. */
  private Set<Integer> valuesOf(List<Read> masks, int label) {
    Set<Integer> values = new TreeSet<>();
    for (Read read : masks) {
      for (int value : read.mask().pixels().keySet()) {
        if (label(read, value) == label) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /**
   * Training masks of the first class and void alone, as 0 and 255 are read, so that there is no
   * foreground; training refuses them too.
   */
  private Optional<Finding> binary(List<Read> all) {
    long[] labels = evidence.labels(Split.TRAINING);
    long others = Arrays.stream(labels, 1, Sample.VOID).sum();
    List<Read> masks = all.stream().filter(read -> read.split() == Split.TRAINING).toList();
    Set<Integer> wrong = valuesOf(masks, NONE);
    Set<Integer> unseen = valuesOf(masks, Sample.VOID);
    unseen.addAll(wrong);
    if (labels[0] == 0
        || others > 0
        || classes.size() == 1
        || unseen.isEmpty()
        || !Set.of(Sample.VOID).containsAll(wrong)) {
      return Optional.empty();
    }
    int value = unseen.contains(Sample.VOID) ? Sample.VOID : Collections.max(unseen);
    String name = classes.get(1);
    return Optional.of(
        Finding.of(
            Kind.BINARY_MASKS,
            "%s the values %s alone, and %s void or nothing, so that only \"%s\" would be learnt"
                .formatted(
                    masks.size() == 1
                        ? "the only training mask has"
                        : "all %d training masks have".formatted(masks.size()),
                    listed(values(masks)),
                    listed(unseen) + (unseen.size() == 1 ? " means" : " mean"),
                    classes.get(0)),
            "if %d is \"%s\", give files.labels %s"
                .formatted(
                    value,
                    name,
                    Meanings.with(evidence.config().files().labels(), Set.of(value), name)),
            Colours.files(masks)));
  }

  /** "0, 128 and 255". */
  private static String listed(Set<Integer> values) {
    return Convention.ranges(values).replaceFirst(", ([^,]+)$", " and $1");
  }

  /** Masks of 0 and 255 alone where others have more: painted in another program, perhaps. */
  private Optional<Finding> binaryAmongOthers(List<Read> all) {
    List<Read> binary =
        all.stream()
            .filter(read -> read.mask().pixels().keySet().equals(Set.of(0, Sample.VOID)))
            .filter(read -> label(read, 0) == 0 && label(read, Sample.VOID) == Sample.VOID)
            .toList();
    return binary.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Kind.BINARY_AMONG_OTHERS,
                "%s 0 and 255 alone, so \"%s\" and void, where other masks have more"
                    .formatted(
                        Colours.count(binary, "have the values", "has the values"), classes.get(0)),
                "look whether 0 means \"%s\" there".formatted(classes.get(0)),
                Colours.files(binary)));
  }

  /** The label of a value, or {@link #NONE}. */
  private int label(Read read, int value) {
    return evidence.label(read, value).orElse(NONE);
  }

  private static Set<Integer> values(List<Read> masks) {
    Set<Integer> values = new TreeSet<>();
    masks.forEach(read -> values.addAll(read.mask().pixels().keySet()));
    return values;
  }

  /** The same of folders that are trained together, of which some may count otherwise. */
  private List<Finding> strangeFolders(List<Read> masks) {
    Map<Integer, List<Read>> folders =
        masks.stream()
            .collect(
                Collectors.groupingBy(
                    read -> read.pair().part(), TreeMap::new, Collectors.toList()));
    if (folders.size() < 2) {
      return strange(masks).stream().toList();
    }
    List<Finding> found = new ArrayList<>();
    folders.forEach(
        (part, own) ->
            strange(own)
                .map(
                    finding ->
                        finding.kind() == Kind.SHIFTED_VALUES
                            ? finding.remediedBy(alike(part))
                            : finding)
                .ifPresent(found::add));
    boolean isOfAll =
        found.size() == folders.size()
            && found.stream().allMatch(finding -> finding.kind() == Kind.SHIFTED_VALUES);
    return isOfAll ? strange(masks).map(List::of).orElse(found) : found;
  }

  /** What to do where one of several folders counts otherwise. */
  private String alike(int part) {
    return "write the masks of %s anew, counted as those of the other folders: options hold for all"
        .formatted(evidence.folders().get(part));
  }

  /** Masks most of which have values that mean nothing: something is wrong with them all. */
  private Optional<Finding> strange(List<Read> masks) {
    List<Read> strange =
        masks.stream()
            .filter(read -> values(List.of(read)).stream().anyMatch(v -> label(read, v) == NONE))
            .toList();
    if (strange.isEmpty() || strange.size() < MOST * masks.size() || classes.size() == 1) {
      return Optional.empty();
    }
    Set<Integer> unknown = new TreeSet<>();
    for (Read read : strange) {
      values(List.of(read)).stream().filter(v -> label(read, v) == NONE).forEach(unknown::add);
    }
    String what =
        "%s %s"
            .formatted(
                masks.size() == 1
                    ? "the only mask has"
                    : "%d of %d masks have".formatted(strange.size(), masks.size()),
                unknown.size() == 1
                    ? "the value %s, which means nothing".formatted(Convention.ranges(unknown))
                    : "the values %s, which mean nothing".formatted(Convention.ranges(unknown)));
    return evidence.hasOwnClasses() && strange.stream().anyMatch(Colours::isPainted)
        ? Optional.of(painted(strange, what))
        : shifted(masks, what);
  }

  /** Whose colours are those of a palette, which may number its colours in any order. */
  private Finding painted(List<Read> masks, String what) {
    Set<String> colours = new TreeSet<>();
    masks.forEach(
        read -> read.mask().pixels().keySet().forEach(v -> colours.add(Colours.hex(read, v))));
    return Finding.of(
        Kind.UNKNOWN_VALUE,
        "%s; they have palettes, whose colours may count instead: %s"
            .formatted(what, Colours.listed(List.copyOf(colours))),
        evidence.files().hasColours(masks.get(0).pair())
            ? "give files.colours, so that the colours in classes.txt count"
            : "%s, and give files.colours".formatted(Colours.REMEDY),
        Colours.files(masks));
  }

  /** Masks whose values are all explained by another first value and another void. */
  private Optional<Finding> shifted(List<Read> masks, String what) {
    DataFiles now = evidence.config().files();
    Set<Integer> values = values(masks);
    return Convention.best(values, classes.size(), now)
        .map(
            better ->
                Finding.of(
                    Kind.SHIFTED_VALUES,
                    "%s; all values are %s, as if the first of %d classes were %d and void %s"
                        .formatted(
                            what,
                            Convention.ranges(values),
                            classes.size(),
                            better.first(),
                            better.voidText()),
                    better.remedy(now),
                    Colours.files(masks)));
  }

  /** Values that mean nothing, each with its masks. */
  private List<Finding> unknown(List<Read> masks) {
    Map<Integer, List<Read>> wrong = new TreeMap<>();
    for (Read read : masks) {
      for (int value : read.mask().pixels().keySet()) {
        if (label(read, value) == NONE) {
          wrong.computeIfAbsent(value, unused -> new ArrayList<>()).add(read);
        }
      }
    }
    if (wrong.size() > SHOWN) {
      return List.of(many(wrong));
    }
    List<Finding> findings = new ArrayList<>();
    wrong.forEach((value, where) -> findings.add(unknown(value, where)));
    return findings;
  }

  private Finding unknown(int value, List<Read> where) {
    String meaning =
        value == Sample.VOID
            ? "give files.voids %d if it means none".formatted(value)
            : "say what it means with files.labels %d=CLASS or %d=void".formatted(value, value)
                + shift(value);
    return Finding.of(
        Kind.UNKNOWN_VALUE,
        "%s %d, which is that of no class"
            .formatted(Colours.count(where, "have the value", "has the value"), value),
        "correct the mask, or " + meaning,
        Colours.files(where));
  }

  /** The value behind the last class may be that of the last one. */
  private String shift(int value) {
    int first = evidence.config().files().first();
    boolean isNext =
        evidence.folders().isEmpty()
            && evidence.config().files().labels().isEmpty()
            && value == first + classes.size();
    return isNext
        ? ", or, if masks count from %d, give files.first %d".formatted(first + 1, first + 1)
        : "";
  }

  private static Finding many(Map<Integer, List<Read>> wrong) {
    Set<Read> where = new LinkedHashSet<>();
    wrong.values().forEach(where::addAll);
    List<Read> all = List.copyOf(where);
    return Finding.of(
        Kind.UNKNOWN_VALUE,
        "%s of no class, %s"
            .formatted(
                Colours.count(
                    all,
                    "have %d values".formatted(wrong.size()),
                    "has %d values".formatted(wrong.size())),
                Convention.ranges(wrong.keySet())),
        "correct the masks, or say what the values mean with files.first, files.voids or files.labels",
        Colours.files(all));
  }
}
