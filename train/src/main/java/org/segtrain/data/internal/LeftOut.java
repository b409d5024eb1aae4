package org.segtrain.data.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segtrain.data.ImageFormat;

/** The files that a listing of images leaves out, counted by kind. */
public final class LeftOut {

  /** Why something is left out, in the order in which it is said. */
  enum Kind {
    HIDDEN("hidden file", "hidden files"),
    SYSTEM("file of the operating system", "files of the operating system"),
    FOLDER("folder", "folders"),
    RESULT("part of an earlier prediction", "parts of earlier predictions"),
    LOOP("link that leads back to its own folder", "links that lead back to their own folder"),
    BROKEN("link to nothing", "links to nothing"),
    SPECIAL("device or pipe", "devices or pipes"),
    UNREAD("image of a format that is not read", "images of formats that are not read"),
    APART(
        "validation image in a folder of its own, since a share of the training images is split off",
        "validation images in a folder of their own, since a share of the training images is split"
            + " off"),
    OTHER("file that is no image", "files that are no images");

    private final String one;
    private final String many;

    Kind(String one, String many) {
      this.one = one;
      this.many = many;
    }
  }

  private final Map<Kind, Integer> counts = new TreeMap<>();
  private final Map<Kind, Set<String>> endings = new TreeMap<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Path> unread = new ArrayList<>();
  private final List<BadName> badNames = new ArrayList<>();

  /** An image whose name is no text, and what to do. */
  public record BadName(Path file, String cause, String remedy) {

    /** Both. */
    public String sentence() {
      return cause + "; " + remedy;
    }
  }

  void add(Kind kind, Path file) {
    counts.merge(kind, 1, Integer::sum);
    files.add(file);
  }

  void add(Kind kind, Path file, String ending) {
    add(kind, file);
    endings(kind).add(ending.isEmpty() ? "no ending" : "." + ending);
  }

  private Set<String> endings(Kind kind) {
    return endings.computeIfAbsent(kind, unused -> new TreeSet<>());
  }

  /** Adds an image of a format that is not read. */
  void addUnread(Path file) {
    counts.merge(Kind.UNREAD, 1, Integer::sum);
    endings(Kind.UNREAD).add("." + ImageFormat.ending(file.getFileName().toString()));
    unread.add(file);
  }

  /** Adds validation images that are not used since others are split off. */
  public void addApart(List<Path> images) {
    images.forEach(file -> add(Kind.APART, file));
  }

  /** Adds earlier predictions that lie where masks may. */
  public void addResults(List<Path> folders) {
    folders.forEach(folder -> add(Kind.RESULT, folder));
  }

  void add(BadName name) {
    badNames.add(name);
  }

  /** Images that would be read if their names were text. */
  public List<BadName> badNames() {
    return List.copyOf(badNames);
  }

  /** Adds what another listing left out. */
  public void add(LeftOut other) {
    badNames.addAll(other.badNames);
    unread.addAll(other.unread);
    files.addAll(other.files);
    other.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
    other.endings.forEach((kind, more) -> endings(kind).addAll(more));
  }

  /** Images of formats that are not read. */
  public List<Path> unreadFiles() {
    return List.copyOf(unread);
  }

  /** Files of no concern, in the order in which they were found. */
  public List<Path> harmlessFiles() {
    return List.copyOf(files);
  }

  /** Whether there is a file of that ending, with its dot, that is no image. */
  public boolean hasOther(String ending) {
    return endings.getOrDefault(Kind.OTHER, Set.of()).contains(ending);
  }

  /** Whether nothing was left out. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /** Files of no concern, if there are any: all but images of formats that are not read. */
  public Optional<String> harmless() {
    return Optional.of(text(EnumSet.complementOf(EnumSet.of(Kind.UNREAD))))
        .filter(text -> !text.isEmpty());
  }

  /** "3 hidden files, 1 folder, 2 files that are no images (.txt)". */
  @Override
  public String toString() {
    return text(EnumSet.allOf(Kind.class));
  }

  private String text(Set<Kind> kinds) {
    List<String> parts = new ArrayList<>();
    counts.forEach(
        (kind, count) -> {
          if (kinds.contains(kind)) {
            parts.add(part(kind, count));
          }
        });
    return String.join(", ", parts);
  }

  private String part(Kind kind, int count) {
    Set<String> which = endings.getOrDefault(kind, Set.of());
    return "%d %s%s"
        .formatted(
            count,
            count == 1 ? kind.one : kind.many,
            which.isEmpty() ? "" : " (" + String.join(", ", which) + ")");
  }
}
