package org.segtrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package graph of CONTRIBUTING.md, held against the imports of all main sources. */
class PackageGraphTest {

  private static final Path ROOT = Path.of("..");
  private static final String FAMILIES = "org.segtrain.backbones.";
  private static final Pattern GRAPH =
      Pattern.compile("```text package-graph\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("^org[.a-z0-9]+", Pattern.MULTILINE);
  private static final Pattern PACKAGE = Pattern.compile("^package ([.a-z0-9]+);");
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?(org\\.segtrain[.a-z0-9]*)\\.[A-Z]");

  /** {@code from}, the package of {@code file}, imports something of the package {@code to}. */
  private record Import(String from, String to, Path file) {}

  @Test
  void aPackageImportsOnlyFromThoseBelowIt() throws IOException {
    List<String> graph = graph();
    assertEquals(
        List.of(),
        imports(i -> place(graph, i.from()) > place(graph, i.to())),
        "imports that point up in the package graph of CONTRIBUTING.md");
  }

  @Test
  void aFamilyOfBackbonesDoesNotImportAnother() throws IOException {
    assertEquals(
        List.of(),
        imports(
            i ->
                i.from().startsWith(FAMILIES)
                    && i.to().startsWith(FAMILIES)
                    && !i.from().equals(i.to())));
  }

  @Test
  void everyPackageHasItsPlaceInTheGraph() throws IOException {
    List<String> graph = graph();
    List<String> missing =
        sources().stream()
            .map(file -> first(PACKAGE, file))
            .distinct()
            .filter(name -> place(graph, name) < 0)
            .toList();
    assertEquals(List.of(), missing, "packages without a line in CONTRIBUTING.md");
  }

  /** The packages of CONTRIBUTING.md, the highest first. */
  private static List<String> graph() throws IOException {
    String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    String block = GRAPH.matcher(text).results().findFirst().orElseThrow().group(1);
    return NAME.matcher(block).results().map(MatchResult::group).toList();
  }

  /** The line of the longest name in {@code graph} that is {@code name} or encloses it, or -1. */
  private static int place(List<String> graph, String name) {
    for (String p = name; p.contains("."); p = p.substring(0, p.lastIndexOf('.'))) {
      if (graph.contains(p)) {
        return graph.indexOf(p);
      }
    }
    return -1;
  }

  private static List<Import> imports(Predicate<Import> wanted) throws IOException {
    return sources().stream().flatMap(PackageGraphTest::importsOf).filter(wanted).toList();
  }

  private static Stream<Import> importsOf(Path file) {
    String from = first(PACKAGE, file);
    return lines(file)
        .flatMap(line -> IMPORT.matcher(line).results())
        .map(match -> new Import(from, match.group(1), file));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(PackageGraphTest::javaFiles)
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String first(Pattern pattern, Path file) {
    return lines(file)
        .flatMap(line -> pattern.matcher(line).results())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line of " + file + " matches " + pattern))
        .group(1);
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file, UTF_8).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
