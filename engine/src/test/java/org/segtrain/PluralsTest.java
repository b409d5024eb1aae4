package org.segtrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.Counted;

/** No text says "1 images": what may be one is written by {@link Counted}. */
final class PluralsTest {

  private static final Path ROOT = Path.of("..");

  /** Modules whose texts are for people who use the command. */
  private static final List<String> MODULES = List.of("cli", "train", "weights", "export");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  /** Numbers that begin a plural; "2 x 2 pixels" are several whatever their number. */
  private static final Pattern PLURAL =
      Pattern.compile(
          "(?<!x )(?<!at least )(?<!at most )(?<!more than )(?<!1-)(?<!1 to )(?<!over )"
              + "%(?:\\d\\$)?,?d (?:[a-z-]+ ){0,2}(?:images|photographs|masks|classes|pixels|files"
              + "|folders|steps|arrays|bytes|samples|shards|models|colours|channels|workers|threads"
              + "|crops|norms|parts|names|numbers|values|rows|groups|sizes|characters|axes|logits"
              + "|scores|evaluations|pictures|entries|inputs|cores|seconds|factors|passes|labels"
              + "|operations|times)\\b");

  /** Said of two or more, or of none. */
  private static final Set<String> SEVERAL =
      Set.of(
          "all %d steps",
          "the mean of %d models",
          "none of the %d images",
          "%d masks, such as",
          "%d groups of images",
          "%d of %d masks have",
          "all %d training masks",
          "of %d training masks have",
          "the first of %d classes",
          "%d of other sizes",
          "have %d values",
          "has %d values",
          "%s has %d classes; write",
          "%s has %d classes, but",
          "names %d classes",
          "would have %d images",
          "%d of %d shards",
          "the %d names of parameters",
          "a list of %d classes",
          "tells %d classes apart",
          "repeats a few numbers %d times",
          "has a key of %d characters",
          "has a name of %d characters",
          "a header of %d bytes",
          "takes %d bytes, more",
          "has %d bytes, more",
          "sends %d bytes and more",
          "many tensors, %d bytes");

  /** Numbers that are the program's own. */
  private static final Set<String> CONSTANT = Set.of("within %d seconds", "longer than %d times");

  /** Said to who programs, of arguments that do not fit together. */
  private static final Set<String> OF_ARGUMENTS =
      Set.of("%d classes have", "%d colour bytes", "%d labels", "batch of %d samples");

  @Test
  void whatMayBeOneIsCounted() throws IOException {
    Set<String> plurals = new TreeSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          String joined = Files.readString(file, UTF_8).replaceAll("\"\\s*\\+\\s*\"", "");
          Matcher literal = LITERAL.matcher(joined);
          while (literal.find()) {
            if (PLURAL.matcher(literal.group(1)).find() && !isKnown(literal.group(1))) {
              plurals.add(file.getFileName() + ": " + literal.group(1));
            }
          }
        }
      }
    }
    assertEquals(Set.of(), plurals, "write the number with Counted");
  }

  private static boolean isKnown(String text) {
    return Stream.of(SEVERAL, CONSTANT, OF_ARGUMENTS).flatMap(Set::stream).anyMatch(text::contains);
  }

  @Test
  void oneThingHasNoEnding() {
    assertEquals("1 image", Counted.of(1, "image"));
    assertEquals("0 images", Counted.of(0, "image"));
    assertEquals("2 batch norms", Counted.of(2, "batch norm"));
    assertEquals("1 class", Counted.of(1, "class"));
    assertEquals("12 classes", Counted.of(12, "class"));
    assertEquals("5000000000 forward passes", Counted.of(5_000_000_000L, "forward pass"));
  }
}
