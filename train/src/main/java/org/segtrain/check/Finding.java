package org.segtrain.check;

import java.util.List;
import java.util.Locale;

/**
 * A fact about a data set that its user should know.
 *
 * @param kind what it is
 * @param severity how bad that is
 * @param sentence what was found, with the first file
 * @param remedy what to do, in keys of a configuration
 * @param files all that it is about, perhaps none; those that belong together, such as copies,
 *     share a list
 */
public record Finding(
    Kind kind, Severity severity, String sentence, String remedy, List<List<String>> files) {

  /** How bad a finding is. */
  public enum Severity {
    /** Training would fail, or learn from wrong labels. */
    ERROR,
    /** Training would run, but hardly as intended. */
    WARNING,
    /** For information. */
    NOTE;

    /** "error". */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The kinds of findings. */
  public enum Kind {
    NO_IMAGES(Severity.ERROR, "splits have no images"),
    IMAGE_WITHOUT_MASK(Severity.ERROR, "images have no mask"),
    MASK_WITHOUT_IMAGE(Severity.ERROR, "masks have no image"),
    SAME_NAME(Severity.ERROR, "files have the same base name as others"),
    WRONG_LIST(Severity.ERROR, "lines of lists are wrong"),
    BAD_NAME(Severity.ERROR, "names are no text"),
    UNREAD_FORMAT(Severity.ERROR, "images are of formats that are not read"),
    UNREADABLE_IMAGE(Severity.ERROR, "images cannot be read"),
    UNREADABLE_MASK(Severity.ERROR, "masks cannot be read"),
    NOT_A_MASK(Severity.ERROR, "masks are photographs, or of a kind that holds no labels"),
    TOO_LARGE(Severity.ERROR, "files do not fit into the Java heap"),
    SIZES_DIFFER(Severity.ERROR, "images have masks of another size"),
    TURNED_BY_EXIF(
        Severity.ERROR, "photographs are turned by their EXIF data, but not their masks"),
    EXCHANGED(Severity.ERROR, "images and annotations are exchanged"),
    NO_LABELS(Severity.ERROR, "splits have no pixel with a class"),
    ONE_CLASS(Severity.ERROR, "data sets have one class"),
    UNKNOWN_VALUE(Severity.ERROR, "masks have a value of no class"),
    SHIFTED_VALUES(Severity.ERROR, "masks begin to count at another value"),
    BINARY_MASKS(Severity.ERROR, "masks have 0 and 255"),
    BINARY_AMONG_OTHERS(Severity.WARNING, "masks have 0 and 255, and others more"),
    UNNAMED_COLOURS(Severity.ERROR, "masks have colours without a name"),
    UNKNOWN_COLOUR(Severity.ERROR, "masks have colours of no class"),
    PALETTE_COLOURS(Severity.WARNING, "masks have palettes with the colours of other classes"),
    PALETTES_DIFFER(Severity.WARNING, "masks have palettes that differ"),
    CLASS_NOT_TRAINED(Severity.WARNING, "classes are in no mask"),
    CLASS_ONLY_MEASURED(Severity.WARNING, "classes are in no training mask"),
    CLASS_NOT_MEASURED(Severity.NOTE, "classes are in no validation mask"),
    VOID_MASK(Severity.WARNING, "masks have no pixel with a class"),
    MOSTLY_VOID(Severity.WARNING, "splits are mostly void"),
    VOID_CROPS(Severity.WARNING, "crops have no pixel with a class"),
    SAME_IN_SPLITS(Severity.WARNING, "images are in several splits"),
    SIMILAR_IN_SPLITS(Severity.WARNING, "images are almost the same as one of another split"),
    SAME_WITH_OTHER_MASK(Severity.WARNING, "images are there again with another mask"),
    SAME_TWICE(Severity.NOTE, "images are there more than once in their split"),
    TINY(Severity.WARNING, "images are tiny"),
    ELONGATED(Severity.WARNING, "images are elongated"),
    MUCH_MEMORY(Severity.WARNING, "images take much memory"),
    LEFT_OUT(Severity.NOTE, "files are left out");

    private final Severity severity;
    private final String many;

    Kind(Severity severity, String many) {
      this.severity = severity;
      this.many = many;
    }

    /** How bad it is. */
    public Severity severity() {
      return severity;
    }

    /** "image-without-mask". */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Finding {
    files = files.stream().filter(some -> !some.isEmpty()).map(List::copyOf).toList();
  }

  /** The same with another remedy. */
  Finding remediedBy(String other) {
    return new Finding(kind, severity, sentence, other, files);
  }

  static Finding of(Kind kind, String sentence, String remedy, List<List<String>> files) {
    return new Finding(kind, kind.severity, sentence, remedy, files);
  }

  /**
   * The same fault of several files, as one finding.
   *
   * @param cases of one kind and cause
   */
  static Finding of(Kind kind, List<Case> cases) {
    Case first = cases.get(0);
    String what = first.cause();
    return of(
        kind,
        cases.size() == 1 ? what : "%d %s, the first: %s".formatted(cases.size(), kind.many, what),
        first.remedy(),
        cases.stream().map(Case::files).toList());
  }

  /** One file, or some that belong together, what is wrong there, and what to do. */
  record Case(String cause, String remedy, List<String> files) {

    private static final String THEN = "; ";

    /**
     * The finding of a refused file; the text behind the semicolon that follows its name is the
     * remedy.
     */
    static Case of(String refusal, String file) {
      int named = refusal.indexOf(file);
      int then = refusal.indexOf(THEN, named < 0 ? 0 : named + file.length());
      List<String> files = file.isEmpty() ? List.of() : List.of(file);
      return then < 0
          ? new Case(refusal, "", files)
          : new Case(refusal.substring(0, then), refusal.substring(then + THEN.length()), files);
    }

    /** The same for a file whose removal leaves the other file of its pair alone. */
    Case joinedBy(String other) {
      return remedy.endsWith("take it out") ? new Case(cause, remedy + other, files) : this;
    }

    /** The cause without what differs from file to file: names, quotations and numbers. */
    String kindOfCause() {
      String text = cause;
      for (String file : files) {
        text = text.replace(file, "");
      }
      return text.replaceAll("\"[^\"]*\"", "#").replaceAll("\\d+(\\.\\d+)?", "#");
    }
  }
}
