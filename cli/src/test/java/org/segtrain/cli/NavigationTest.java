package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The navigation of the site against the documents. The site's build checks the links itself. */
class NavigationTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern ITEM = Pattern.compile("<item name=\"([^\"]*)\" href=\"([^\"]*)\"");

  @Test
  void everyDocumentIsInTheNavigationUnderItsTitle() throws IOException {
    List<String> pages = new ArrayList<>(List.of("apidocs/index.html: Javadoc"));
    for (String folder : List.of("", "docs", "docs/tutorials", "docs/adr")) {
      for (Path document : documents(folder)) {
        String page = ROOT.relativize(document).toString().replace('\\', '/');
        String title = page.equals("README.md") ? "Start" : title(document);
        pages.add(page.replaceFirst("md$", "html") + ": " + title);
      }
    }
    String site = Files.readString(ROOT.resolve("src/site/site.xml"));
    List<String> items =
        ITEM.matcher(site).results().map(item -> item.group(2) + ": " + item.group(1)).toList();
    assertEquals(pages.stream().sorted().toList(), items.stream().sorted().toList());
  }

  @Test
  void theListOfDecisionsHasEach() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path decision : documents("docs/adr")) {
      if (!decision.endsWith("README.md")) {
        lines.add("- [%s](%s)".formatted(title(decision), decision.getFileName()));
      }
    }
    try (Stream<String> list = Files.lines(ROOT.resolve("docs/adr/README.md"))) {
      assertEquals(lines, list.filter(line -> line.startsWith("- ")).toList());
    }
  }

  private static List<Path> documents(String folder) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static String title(Path document) throws IOException {
    try (Stream<String> lines = Files.lines(document)) {
      return lines.findFirst().orElseThrow().replaceFirst("^# ", "");
    }
  }
}
