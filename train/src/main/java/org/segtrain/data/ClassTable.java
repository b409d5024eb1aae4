package org.segtrain.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The classes of a data set.
 *
 * @param names label k is the k-th, from 0
 * @param colours of each, {@code 0xRRGGBB}; empty if they are not said
 * @param voidColour of pixels that are neither trained nor scored, if it is said
 * @param values of each in the masks; empty if they follow one another
 */
public record ClassTable(
    List<String> names, List<Integer> colours, OptionalInt voidColour, List<Integer> values) {

  /** The name of pixels without a class. */
  static final String VOID = "void";

  /** Behind a name. */
  private static final Pattern COLOUR = Pattern.compile("\\s#([0-9a-fA-F]{6})");

  private static final int COLOUR_LENGTH = " #rrggbb".length();

  public ClassTable {
    names = List.copyOf(names);
    colours = List.copyOf(colours);
    values = List.copyOf(values);
    if ((!colours.isEmpty() && colours.size() != names.size())
        || (!values.isEmpty() && values.size() != names.size())) {
      throw new IllegalArgumentException(
          "%d classes have %d colours and %d values"
              .formatted(names.size(), colours.size(), values.size()));
    }
  }

  /** Classes without colours. */
  public static ClassTable of(List<String> names) {
    return new ClassTable(names, List.of(), OptionalInt.empty(), List.of());
  }

  /**
   * Reads a list of classes, one a line, each with its colour, {@code sky #4682b4}, or none. A line
   * {@code void #000000} is the colour of pixels without a class.
   *
   * @throws DataException if it is missing, empty, too long, or names a class twice
   */
  public static ClassTable read(Path file) {
    try {
      return parse(file.toString(), lines(TextFile.read(file)));
    } catch (NoSuchFileException e) {
      throw new DataException("%s is missing; write one class name per line".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new DataException("cannot read %s as UTF-8 text; save it so".formatted(file), e);
    } catch (IOException e) {
      throw new DataException(
          "cannot read %s: %s; let it be a readable file with one class name per line"
              .formatted(file, IoReason.of(e)),
          e);
    }
  }

  /** Lines of a text, without a byte order mark, and blank ones at its ends. */
  static List<String> lines(String text) {
    return text.replace("\uFEFF", "").strip().lines().map(String::strip).toList();
  }

  private static ClassTable parse(String file, List<String> lines) {
    long classes = lines.stream().filter(line -> !line.matches(VOID + "\\s+#\\w+")).count();
    if (classes < 1 || classes > Sample.VOID) {
      throw new DataException(
          "%s has %d classes; write 1-%d, one per line".formatted(file, classes, Sample.VOID));
    }
    Builder table = new Builder(file);
    lines.forEach(table::add);
    return table.build();
  }

  /**
   * A table that comes with this build: name, colour or {@code -}, and value in masks if that is
   * not the number of the line, between tabs.
   */
  public static ClassTable ofBuild(String name) {
    List<String> names = new ArrayList<>();
    List<Integer> colours = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    for (String line : resource(name + "-classes.txt")) {
      String[] cells = line.split("\t", -1);
      names.add(cells[0]);
      if (cells.length > 1 && !cells[1].equals("-")) {
        colours.add(Integer.parseInt(cells[1].substring(1), 16));
      }
      if (cells.length > 2) {
        values.add(Integer.parseInt(cells[2]));
      }
    }
    return new ClassTable(names, colours, OptionalInt.empty(), values);
  }

  private static List<String> resource(String file) {
    try (InputStream in = ClassTable.class.getResourceAsStream(file)) {
      return lines(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("a part of this build cannot be read: " + file, e);
    }
  }

  /** A table in the making. */
  private static final class Builder {

    private final String file;
    private final List<String> names = new ArrayList<>();
    private final List<Integer> colours = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<Integer, String> owners = new HashMap<>();
    private OptionalInt voidColour = OptionalInt.empty();

    Builder(String file) {
      this.file = file;
    }

    void add(String line) {
      int end = Math.max(0, line.length() - COLOUR_LENGTH);
      Matcher colourOf = COLOUR.matcher(line).region(end, line.length());
      boolean isColoured = colourOf.matches();
      String name = isColoured ? line.substring(0, end).stripTrailing() : line;
      if (name.isEmpty() || !seen.add(name)) {
        throw new DataException(
            "%s has the class \"%s\" empty or twice; write every class once, one per line"
                .formatted(file, name));
      }
      boolean isVoid = isColoured && name.equals(VOID);
      if (!isVoid) {
        names.add(name);
      }
      if (isColoured) {
        int colour = Integer.parseInt(colourOf.group(1), 16);
        refuseTwice(name, colour);
        if (isVoid) {
          voidColour = OptionalInt.of(colour);
        } else {
          colours.add(colour);
        }
      }
    }

    private void refuseTwice(String name, int colour) {
      String other = owners.put(colour, name);
      if (other != null) {
        throw new DataException(
            "%s gives \"%s\" and \"%s\" the same colour #%06x; give one another"
                .formatted(file, other, name, colour));
      }
    }

    ClassTable build() {
      boolean some = !colours.isEmpty() || voidColour.isPresent();
      if (some && colours.size() != names.size()) {
        throw new DataException(
            "%s gives %d of %s a colour; write one behind each name, or behind none"
                .formatted(file, colours.size(), Counted.of(names.size(), "class")));
      }
      return new ClassTable(names, colours, voidColour, List.of());
    }
  }
}
