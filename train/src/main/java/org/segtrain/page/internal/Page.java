package org.segtrain.page.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Legend;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.internal.OneLine;
import org.segtrain.files.Draft;

/** A page that holds all it shows, for any browser, without a network. */
public final class Page {

  private static final String TEMPLATE = "page.html";
  private static final String SORTING = "sort.js";

  /** A mark in the first bytes of each, so that no file of others is written over. */
  private static final String MARK = "<meta name=\"generator\" content=\"%s\">";

  private static final int HEAD = 512;

  private Page() {}

  /** Text in which no letter is markup, nor turns or hides others. */
  public static String escaped(String text) {
    return OneLine.each(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replace("{", "&#123;"); // nor a place of the template
  }

  /** The classes, and what has none. */
  public static List<Legend.Entry> entries(List<String> classes, Palette palette) {
    List<Legend.Entry> entries = new ArrayList<>();
    for (int k = 0; k < classes.size(); k++) {
      entries.add(new Legend.Entry(palette.rgb(k), "%d %s".formatted(k, classes.get(k))));
    }
    entries.add(new Legend.Entry(palette.rgb(Sample.VOID), "void"));
    return entries;
  }

  /** Colours beside what they mean, as markup. */
  public static String legend(List<Legend.Entry> entries) {
    return entries.stream()
        .map(
            entry ->
                "<span><span class=\"swatch\" style=\"background:#%06x\"></span>%s</span>"
                    .formatted(entry.rgb(), escaped(entry.text())))
        .collect(Collectors.joining("\n", "<div class=\"legend\">", "</div>\n"));
  }

  /** A sentence or a path, which may break behind the slashes of paths. */
  public static String breakable(String text) {
    return escaped(text).replaceAll("(?<=\\w)/(?=\\w)", "/<wbr>");
  }

  /** As a sentence begins, unless it begins with a name. */
  public static String sentence(String text) {
    String first = text.split(" ", 2)[0];
    return first.matches("[a-z]+[,:;]?")
        ? text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
        : text;
  }

  /**
   * Writes a page, and replaces an earlier one.
   *
   * @param writer who writes it, and may replace it
   * @param title plain text
   * @param body markup
   * @throws DataException if it cannot be written, or another file is there
   */
  public static void write(Path file, String writer, String title, String body) {
    refuseForeign(file, isOwn(file, writer));
    try {
      Draft.write(file, of(writer, title, body));
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** A whole page. */
  public static String of(String writer, String title, String body) {
    return part(TEMPLATE)
        .replace("{{generator}}", MARK.formatted(writer))
        .replace("{{title}}", escaped(title))
        .replace("{{body}}", body);
  }

  /**
   * Refuses a file that others made, or another command.
   *
   * @throws DataException if it is there
   */
  public static void refuseForeign(Path file, boolean own) {
    if (!own && Files.exists(file)) {
      throw new DataException(
          "%s is there and was not written by this command, so it is not overwritten; give another name"
              .formatted(file));
    }
  }

  /**
   * Refuses a place where it cannot be written, before anything is read for it.
   *
   * @throws DataException if its folder is not there or lets no file in, or if it would be taken
   *     for an image of the data
   */
  public static void refusePlace(Path file, Optional<FileSet> data) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new DataException("%s has no folder %s; make it first".formatted(file, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new DataException(
          "%s cannot be written, since the folder %s lets no file in; give another place"
              .formatted(file, folder));
    }
    if (data.isPresent() && data.get().holds(file)) {
      throw new DataException(
          "%s is among the images of the data, so it would be taken for one; give another place"
              .formatted(file));
    }
  }

  /** Whether a file is a page that {@code writer} wrote. */
  public static boolean isOwn(Path file, String writer) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8)
          .contains(MARK.formatted(writer));
    } catch (IOException e) {
      return false;
    }
  }

  /** A script that sorts tables of the class "sortable"; without it they stay as they are. */
  public static String sorting() {
    return "<script>\n%s</script>".formatted(part(SORTING));
  }

  private static String part(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a part of this build cannot be read: " + name, e);
    }
  }
}
