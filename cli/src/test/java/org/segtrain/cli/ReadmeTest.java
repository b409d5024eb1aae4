package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.cli.options.TrainOptions;
import org.segtrain.measure.internal.Blueprint;
import org.segtrain.recipes.Recipe;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/**
 * The README and the other documents against this build. Their commands are parsed, not run: some
 * take minutes.
 */
class ReadmeTest {

  private static final Path ROOT = Path.of("..");

  /** On a line of its own or in backquotes, behind variables of the environment. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^ *|`)(?:\\w+=\\S+ )*\\./segtrain ([^`\\n]+)");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern ANCHOR = Pattern.compile("]\\(([^)#:]*)#([^)]*)\\)");
  private static final Pattern SNIPPETS = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final List<String> JAVA =
      List.of(
          "cli/src/test/java/com/example/TrainsAndPredicts.java",
          "cli/src/test/java/com/example/UsesServedModel.java",
          "backbones/src/test/java/org/segtrain/backbones/DjlUserTest.java",
          "export/src/test/java/org/segtrain/export/PlainDjlUser.java",
          "segmentation-heads/src/test/java/com/example/OwnPartsTest.java",
          "spark/src/test/java/com/example/SegmentsDataFrame.java",
          "train/src/test/java/com/example/DjlTrainsOurModel.java",
          "train/src/test/java/com/example/ChecksDataTest.java",
          "train/src/test/java/com/example/Fog.java",
          "train/src/test/java/com/example/OurTrainingTakesOwnParts.java",
          "train/src/test/java/com/example/OurTrainingTakesOwnPartsTest.java",
          "train/src/test/java/com/example/PredictsWithARun.java",
          "train/src/test/java/com/example/TrainsInProcesses.java",
          "train/src/test/java/com/example/TwoStrides.java");

  /** A row of the keys of a configuration, and its column of options. */
  private static final Pattern KEY = Pattern.compile("(?m)^\\| `(\\w+\\.\\w+)` \\|([^|]*)\\|");

  private static final Pattern OPTION = Pattern.compile("`(--[\\w-]+)`");

  @ParameterizedTest
  @MethodSource("documents")
  void itsCommandsAreUnderstood(Path document) throws IOException {
    String text = Files.readString(document).replace("\\\n", " ");
    List<String> commands = COMMAND.matcher(text).results().map(m -> m.group(1)).toList();
    assertEquals(text.contains("./segtrain "), !commands.isEmpty());
    for (String command : commands) {
      String[] words = command.replaceAll("\\s+#.*|'|@\\S+\\s+", "").split("\\s+");
      ParseResult parsed =
          assertDoesNotThrow(() -> Segtrain.commandLine().parseArgs(words), command);
      assertEquals(List.of(), unknown(parsed), command);
      boolean names = List.of(words).contains("--backbone") || List.of(words).contains("--recipe");
      if (names && words[0].startsWith("--")) { // it trains
        Collections.replaceAll(Arrays.asList(words), "NAME", "pvt_tiny");
        TrainOptions options = CommandLine.populateCommand(new TrainOptions(), words);
        assertDoesNotThrow(options::configuration, command);
      }
    }
  }

  @Tag("slow")
  @Test
  void itsTablesAreThoseOfTheModelsCommand() throws IOException {
    String tables = Outcome.of("models", "--markdown").out();
    assertTrue(
        text("docs/models.md").contains(tables.strip()),
        () -> "paste this into docs/models.md:\n" + tables);
  }

  @Test
  void itsRecipesAreThoseOfTheRecipesCommand() throws IOException {
    String table = Outcome.of("recipes", "--markdown", "--no-flops").out();
    String shown =
        text("docs/recipes.md")
            .lines()
            .dropWhile(line -> !line.startsWith("| recipe |"))
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.replaceFirst("^((?:[^|]*\\|){4})[^|]*\\|", "$1")) // but GMACs
            .map(line -> line + System.lineSeparator())
            .collect(Collectors.joining());
    assertEquals(
        table, shown, "paste what ./segtrain recipes --markdown prints into docs/recipes.md");
  }

  @Test
  void itsCountOfMultiplicationsIsRight() throws IOException {
    Recipe smallest = Recipe.HRVIT_B1_SEGFORMER_ADE20K; // all would take minutes
    try (Blueprint model = Blueprint.of(smallest)) {
      double billions = model.multiplyAdds(512, 512) / 1e9;
      String row = "| %s | 45.88 | 8.18 M | %.1f |".formatted(smallest, billions);
      assertTrue(text("docs/recipes.md").contains(row), row);
    }
  }

  @Test
  void itsKeysAreThoseOfAConfiguration() throws IOException {
    Outcome config = Outcome.of("config", "--backbone", "pvt_tiny");
    List<String> keys =
        config.out().lines().skip(1).map(row -> row.replaceFirst(" .*", "")).toList();
    String document = text("docs/configuration.md");
    assertEquals(keys, KEY.matcher(document).results().map(row -> row.group(1)).toList());
    Set<String> options =
        Segtrain.commandLine()
            .getSubcommands()
            .get("config")
            .getCommandSpec()
            .optionsMap()
            .keySet();
    List<String> unknown =
        KEY.matcher(document)
            .results()
            .flatMap(row -> OPTION.matcher(row.group(2)).results())
            .map(option -> option.group(1))
            .filter(option -> !options.contains(option))
            .toList();
    assertEquals(List.of(), unknown);
  }

  @ParameterizedTest
  @MethodSource({"documents", "documentsForContributors"})
  void itsLinksLeadToFiles(Path document) throws IOException {
    String text = Files.readString(document);
    Stream<String> links = LINK.matcher(text).results().map(link -> link.group(1));
    List<String> broken =
        links.filter(link -> !Files.exists(document.resolveSibling(link))).toList();
    assertEquals(List.of(), broken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/library.md",
        "docs/serving.md",
        "docs/tutorials/djl-program.md",
        "docs/tutorials/own-images.md"
      })
  void javaThatIsShownIsCompiledByATest(String document) throws IOException {
    String text = text(document);
    List<String> snippets =
        SNIPPETS.matcher(text).results().map(m -> m.group(1)).map(String::strip).toList();
    StringBuilder tested = new StringBuilder();
    for (String file : JAVA) {
      tested.append(flush(text(file)));
    }
    assertFalse(snippets.isEmpty());
    for (String snippet : snippets) {
      assertTrue(
          tested.indexOf(flush(snippet)) >= 0, () -> "none of " + JAVA + " has:\n" + snippet);
    }
  }

  @ParameterizedTest
  @MethodSource({"documents", "documentsForContributors"})
  void itsLinksLeadToHeadings(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MatchResult link : ANCHOR.matcher(Files.readString(document)).results().toList()) {
      String file = link.group(1);
      Path target = file.isEmpty() ? document : document.resolveSibling(file);
      if (!headings(target).contains(link.group(2))) {
        broken.add(link.group());
      }
    }
    assertEquals(List.of(), broken);
  }

  /** README.md and those in docs. */
  private static Stream<Path> documents() throws IOException {
    List<Path> texts = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    texts.addAll(texts("docs"));
    texts.addAll(texts("docs/tutorials"));
    return texts.stream();
  }

  /** CONTRIBUTING.md, CHANGELOG.md, SECURITY.md and the decisions. */
  private static Stream<Path> documentsForContributors() throws IOException {
    Stream<Path> others =
        Stream.of("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md").map(ROOT::resolve);
    return Stream.concat(others, texts("docs/adr").stream());
  }

  private static List<Path> texts(String folder) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  /** The anchors that a page on GitHub has. */
  private static List<String> headings(Path document) throws IOException {
    return Files.readString(document)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .toList();
  }

  /** Values that an option or a parameter does not have; its own label stands for any of them. */
  private static List<String> unknown(ParseResult parsed) {
    List<String> unknown = new ArrayList<>();
    for (CommandLine command : parsed.asCommandLineList()) {
      for (ArgSpec argument : command.getParseResult().matchedArgs()) {
        if (argument.completionCandidates() != null) {
          Set<String> known = new HashSet<>(List.of(argument.paramLabel()));
          argument.completionCandidates().forEach(known::add);
          argument.originalStringValues().stream()
              .flatMap(value -> Stream.of(value.split(",")))
              .filter(value -> !known.contains(value))
              .forEach(unknown::add);
        }
      }
    }
    return unknown;
  }

  /** Without indentation. */
  private static String flush(String text) {
    return text.lines().map(String::strip).reduce("", (a, b) -> a + b + "\n");
  }

  private static String text(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
