package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportCommandTest {

  @TempDir private static Path folder;

  private static Path one;
  private static Path two;

  @BeforeAll
  static void train() throws IOException {
    TinyFolder data = TinyFolder.in(folder.resolve("data"), "left", "right");
    one = folder.resolve("one");
    two = folder.resolve("two");
    assertEquals(0, data.train(one, 32).code());
    assertEquals(0, data.train(two, 32, "--seed", 1, "--tensorboard").code());
  }

  @Test
  void aTrainedRunHasItsReportWithTheOriginsOfItsValues() throws IOException {
    String page = Files.readString(one.resolve("report.html"));
    assertTrue(page.contains("ended, step 1 of 1"));
    assertTrue(
        page.replaceAll("\\s+", " ").contains("data.crop</th><td>32</td> <td>320</td> <td>option"),
        page);
    Path again = folder.resolve("again.html");
    Outcome outcome = Outcome.of("report", one, "--out", again);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("wrote " + again, outcome.out().strip());
    assertTrue(Files.readString(again).contains("ended, step 1 of 1"));
    assertEquals(0, Outcome.of("report", one).code(), "its own is replaced");
  }

  @Test
  void twoRunsAreCompared() throws IOException {
    Path page = folder.resolve("both.html");
    assertEquals(0, Outcome.of("report", one, two, "--out", page).code());
    assertTrue(Files.readString(page).contains("<th scope=\"row\">run.seed</th>"));
  }

  @Test
  void aLogIsWrittenAsCsvOnce() throws IOException {
    Path table = folder.resolve("log.csv");
    assertEquals(0, Outcome.of("report", one, "--csv", table).code());
    List<String> lines = Files.readAllLines(table);
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("step,loss,lr,"), lines.get(0));
    assertTrue(lines.get(0).endsWith("iou/left,iou/right"), lines.get(0));
    assertTrue(lines.get(1).startsWith("1,"), lines.get(1));
    Outcome again = Outcome.of("report", one, "--csv", table);
    assertEquals(1, again.code());
    assertTrue(again.sentence().contains("is there, and is not overwritten"), again.err());
    Path none = folder.resolve("none.csv");
    assertEquals(1, Outcome.of("report", folder, "--csv", none).code());
    assertFalse(Files.exists(none), "nothing half-written");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                      | give the folder of a run
          a --port 1              | --port belongs to --serve
          --serve d --port 70000  | from 0 to 65535
          a --serve d             | leave RUN, --out and --csv out
          a b --csv f.csv         | --csv writes the table of one run
          a --csv f.txt           | ends in .csv
          a --out f.txt           | ends in .html
          a a a a a a a a a       | 2 to 8 runs can be compared, but there are 9
          """)
  void wrongUsageIsRefused(String arguments, String sentence) {
    Outcome outcome = Outcome.of((Object[]) ("report " + arguments).strip().split(" "));
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains(sentence), outcome.err());
  }

  @Test
  void whatIsNoRunIsRefused() {
    Outcome outcome = Outcome.of("report", folder.resolve("data"));
    assertEquals(1, outcome.code());
    assertTrue(outcome.sentence().contains("holds no run"), outcome.err());
  }

  @Test
  void eventsAreWrittenWhereTheyAreAskedFor() throws IOException {
    assertFalse(Files.exists(one.resolve("tensorboard")));
    try (var files = Files.list(two.resolve("tensorboard"))) {
      assertEquals(1, files.count());
    }
  }
}
