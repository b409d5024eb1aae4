package org.segtrain.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.MaskFacts;

/** Values and colours of masks that mean nothing, or hardly what they are taken for. */
final class ValueFindings {

  private static final int SHOWN = 8; // values in a sentence
  private static final int COLOURS = 256; // in a sentence, for people who have to name them
  private static final double MOST = 0.5; // share of the masks in which a value is no slip

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
    List<Finding> findings = new ArrayList<>();
    List<Read> byValue = pairs.stream().filter(read -> !isByColour(read)).toList();
    List<Read> byColour = pairs.stream().filter(this::isByColour).toList();
    if (!byColour.isEmpty()) {
      colours(byColour).ifPresent(findings::add);
    }
    Optional<Finding> whole = binary(byValue).or(() -> shifted(byValue));
    whole.ifPresentOrElse(findings::add, () -> findings.addAll(unknown(byValue)));
    if (whole.isEmpty()) {
      binaryAmongOthers(byValue).ifPresent(findings::add);
    }
    findings.addAll(new PaletteFindings(evidence, byValue).findings());
    return findings;
  }

  private boolean isByColour(Read read) {
    return evidence.files().isByColour(read.mask());
  }

  private boolean isKnown(MaskFacts mask, int value) {
    return evidence.files().label(mask, value).isPresent();
  }

  /** Masks with colours that mean nothing. */
  private Optional<Finding> colours(List<Read> masks) {
    Map<String, Long> pixels = new LinkedHashMap<>();
    List<Read> wrong = new ArrayList<>();
    for (Read read : masks) {
      MaskFacts mask = read.mask();
      List<Integer> unknown =
          mask.pixels().keySet().stream().filter(value -> !isKnown(mask, value)).toList();
      if (!unknown.isEmpty()) {
        wrong.add(read);
      }
      unknown.forEach(value -> pixels.merge(hex(mask, value), mask.pixels().get(value), Long::sum));
    }
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    boolean named = evidence.files().hasColours();
    String found = listed(pixels);
    return Optional.of(
        named
            ? Finding.of(
                Kind.UNKNOWN_COLOUR,
                "%s of no class (%s)".formatted(count(wrong, "have colours", "has colours"), found),
                "correct the masks, or write the colours behind names in classes.txt",
                files(wrong))
            : Finding.of(
                Kind.UNNAMED_COLOURS,
                "%s say the class, but classes.txt names no colours; found: %s"
                    .formatted(
                        count(
                            wrong, "are coloured, so their colours", "is coloured, so its colours"),
                        found),
                "write each class into classes.txt as in \"sky #4682b4\", and \"void #000000\" for no class",
                files(wrong)));
  }

  private static String hex(MaskFacts mask, int value) {
    int grey = value * 0x010101;
    return "#%06x".formatted(mask.coloured() ? value : mask.palette().getOrDefault(value, grey));
  }

  /** The commonest first. */
  private static String listed(Map<String, Long> pixels) {
    String shown =
        pixels.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(COLOURS)
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    int more = pixels.size() - COLOURS;
    return more <= 0 ? shown : "%s and %d more".formatted(shown, more);
  }

  /** "3 masks, such as FILE, have". */
  private static String count(List<Read> masks, String many, String one) {
    String first = masks.get(0).maskFile();
    return masks.size() == 1
        ? "%s %s".formatted(first, one)
        : "%d masks, such as %s, %s".formatted(masks.size(), first, many);
  }

  private static List<List<String>> files(Collection<Read> masks) {
    return masks.stream().map(read -> List.of(read.maskFile())).toList();
  }

  /** Training masks of 0 and 255, in which 255 is void, so that there is no foreground. */
  private Optional<Finding> binary(List<Read> all) {
    List<Read> masks = all.stream().filter(read -> read.split() == Split.TRAINING).toList();
    Set<Integer> values = values(masks);
    boolean isBinary =
        values.equals(Set.of(0, Sample.VOID))
            && classes.size() > 1
            && label(masks.get(0), 0) == 0
            && Set.of(NONE, Sample.VOID).contains(label(masks.get(0), Sample.VOID));
    return isBinary
        ? Optional.of(
            Finding.of(
                Kind.BINARY_MASKS,
                "all %d training masks have the values 0 and 255 alone, and 255 means void or nothing, so that only \"%s\" would be learnt"
                    .formatted(masks.size(), classes.get(0)),
                "if 255 is \"%s\", give files.labels 255=%s"
                    .formatted(classes.get(1), classes.get(1)),
                files(masks)))
        : Optional.empty();
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
                    .formatted(count(binary, "have the values", "has the values"), classes.get(0)),
                "look whether 0 means \"%s\" there".formatted(classes.get(0)),
                files(binary)));
  }

  /** The label of a value, or {@link #NONE}. */
  private int label(Read read, int value) {
    OptionalInt label = evidence.files().label(read.mask(), value);
    return label.orElse(NONE);
  }

  private static Set<Integer> values(List<Read> masks) {
    Set<Integer> values = new TreeSet<>();
    masks.forEach(read -> values.addAll(read.mask().pixels().keySet()));
    return values;
  }

  /** Masks whose values are all explained by another first value and another void. */
  private Optional<Finding> shifted(List<Read> masks) {
    long strange =
        masks.stream()
            .filter(
                read ->
                    read.mask().pixels().keySet().stream().anyMatch(v -> label(read, v) == NONE))
            .count();
    if (strange == 0 || strange < MOST * masks.size()) {
      return Optional.empty();
    }
    DataFiles now = evidence.config().files();
    Set<Integer> values = values(masks);
    return Convention.best(values, classes.size(), now)
        .map(
            better ->
                Finding.of(
                    Kind.SHIFTED_VALUES,
                    "%d of %d masks have values that mean nothing; all have values in %s, as if the first of %d classes were %d and void %s"
                        .formatted(
                            strange,
                            masks.size(),
                            Convention.ranges(values),
                            classes.size(),
                            better.first(),
                            better.voidText()),
                    "give files.first %d and files.voids %s"
                        .formatted(better.first(), better.voidText()),
                    files(masks)));
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
            .formatted(count(where, "have the value", "has the value"), value),
        "correct the mask, or " + meaning,
        files(where));
  }

  /** The value behind the last class may be that of the last one. */
  private String shift(int value) {
    int first = evidence.config().files().first();
    boolean isNext =
        evidence.config().files().labels().isEmpty() && value == first + classes.size();
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
                count(
                    all,
                    "have %d values".formatted(wrong.size()),
                    "has %d values".formatted(wrong.size())),
                Convention.ranges(wrong.keySet())),
        "correct the masks, or say what the values mean with files.first, files.voids or files.labels",
        files(all));
  }
}
