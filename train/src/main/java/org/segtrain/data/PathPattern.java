package org.segtrain.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.UsageException;

/**
 * Paths of files below the folder of a data set, such as {@code images/{split}/{name}}. {@code
 * {split}} is the name of a split. {@code {name}}, with the folders it is in, is common to an image
 * and its mask. {@code *} is a folder, or a part of a name, that both share too. Without an
 * extension every kind of image fits.
 *
 * @param text with slashes
 */
record PathPattern(String text) {

  private static final String SPLIT = "{split}";
  private static final String NAME = "{name}";
  private static final Pattern PART = Pattern.compile("\\{split}|\\{name}|\\*");
  private static final Pattern BELOW = Pattern.compile("\\{name}|\\*");

  /**
   * A pattern that somebody gave.
   *
   * @param key whose value it is
   * @throws UsageException if it is none
   */
  static PathPattern of(String key, String text) {
    String slashed = text.replace('\\', '/').replaceFirst("^(\\./)+", "");
    if (slashed.split(Pattern.quote(NAME), -1).length != 2) {
      throw new UsageException(
          "%s must have {name} once, as in images/{split}/{name}.jpg, but is \"%s\""
              .formatted(key, text));
    }
    return checked(key, slashed);
  }

  /** A pattern of lists, one for each split. */
  static PathPattern ofLists(String key, String text) {
    String slashed = text.replace('\\', '/').replaceFirst("^(\\./)+", "");
    if (!slashed.contains(SPLIT)) {
      throw new UsageException(
          "%s must have {split}, as in splits/{split}.txt, but is \"%s\"".formatted(key, text));
    }
    return known(key, slashed); // lists may lie anywhere
  }

  private static PathPattern known(String key, String slashed) {
    String rest = PART.matcher(slashed).replaceAll("");
    if (rest.contains("{") || rest.contains("}")) {
      throw new UsageException(
          "%s knows {split}, {name} and *, but is \"%s\"".formatted(key, slashed));
    }
    return new PathPattern(slashed);
  }

  private static PathPattern checked(String key, String slashed) {
    PathPattern pattern = known(key, slashed);
    if (slashed.startsWith("/") || List.of(slashed.split("/", -1)).contains("..")) {
      throw new UsageException(
          "%s is a path below the folder of the data, but is \"%s\"; begin it there"
              .formatted(key, slashed));
    }
    return pattern;
  }

  boolean hasSplit() {
    return text.contains(SPLIT);
  }

  /** The same for one split. */
  PathPattern in(String split) {
    return new PathPattern(text.replace(SPLIT, split));
  }

  /**
   * The folder that all its files are below, perhaps with the split; empty for that of the data.
   */
  String folder() {
    Matcher part = BELOW.matcher(text);
    int slash = text.lastIndexOf('/', part.find() ? part.start() : text.length());
    return slash < 0 ? "" : text.substring(0, slash);
  }

  /** How many folders and parts of names both files of a pair share, but for the name. */
  int stars() {
    return (int) text.chars().filter(c -> c == '*').count();
  }

  /**
   * Letters that do not depend on the name: of two patterns that fit, the one with more is meant.
   */
  int letters() {
    return PART.matcher(text).replaceAll("").length();
  }

  /** Whether it says what extension its files have. */
  boolean hasExtension() {
    return text.lastIndexOf('.') > text.lastIndexOf('}');
  }

  /** Finds the key of a path, which is that of the other file of its pair. */
  Keys keys() {
    List<Boolean> stars = new ArrayList<>();
    StringBuilder regex = new StringBuilder();
    Matcher part = PART.matcher(text);
    int at = 0;
    while (part.find()) {
      regex.append(Pattern.quote(text.substring(at, part.start())));
      stars.add(part.group().equals("*"));
      regex.append(part.group().equals("*") ? "([^/]+)" : "(.+)");
      at = part.end();
    }
    regex.append(Pattern.quote(text.substring(at)));
    if (!hasExtension()) {
      regex.append("\\.[^./]+");
    }
    Pattern compiled =
        Pattern.compile(
            regex.toString(), Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    return new Keys(compiled, List.copyOf(stars), text);
  }

  /**
   * A compiled pattern.
   *
   * @param text that it is of
   */
  record Keys(Pattern regex, List<Boolean> stars, String text) {

    /**
     * The parts of the path at the stars and the name, with slashes between; empty if it does not
     * fit.
     */
    Optional<String> of(String path) {
      return stars.size() == 1 && !text.contains(SPLIT) ? ofName(path) : ofParts(path);
    }

    /** The same for a pattern of a name alone, several times as fast. */
    private Optional<String> ofName(String path) {
      int from = text.indexOf(NAME);
      String end = text.substring(from + NAME.length());
      boolean bare = text.lastIndexOf('.') < text.lastIndexOf('}');
      int dot = bare ? path.lastIndexOf('.') : path.length();
      int to = dot - end.length();
      boolean fits =
          to > from
              && (!bare || (dot + 1 < path.length() && path.indexOf('/', dot) < 0))
              && path.regionMatches(true, 0, text, 0, from)
              && path.regionMatches(true, to, end, 0, end.length());
      return fits ? Optional.of(path.substring(from, to)) : Optional.empty();
    }

    private Optional<String> ofParts(String path) {
      Matcher matcher = regex.matcher(path);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      List<String> parts = new ArrayList<>();
      String name = "";
      for (int i = 0; i < stars.size(); i++) {
        if (stars.get(i)) {
          parts.add(matcher.group(i + 1));
        } else {
          name = matcher.group(i + 1);
        }
      }
      parts.add(name);
      return Optional.of(String.join("/", parts));
    }
  }

  /** The path of the file with that key, without an extension if the pattern has none. */
  String path(String key) {
    String[] parts = key.split("/", stars() + 1);
    String path = text;
    for (int i = 0; i < parts.length - 1; i++) {
      path = path.replaceFirst("\\*", Matcher.quoteReplacement(parts[i]));
    }
    return path.replace(NAME, parts[parts.length - 1]);
  }
}
