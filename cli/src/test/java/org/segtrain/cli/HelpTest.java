package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The helps: what they name is there, and the main one is no longer than a screen. */
final class HelpTest {

  private static final int ROWS = 50; // of a screen
  private static final int COLUMNS = 100;

  /** By the names of their commands, "segtrain eval merge". */
  private static final Map<String, String> HELPS = new LinkedHashMap<>();

  private static final CommandLine SEGTRAIN = Segtrain.commandLine();

  static {
    SEGTRAIN.setUsageHelpAutoWidth(false).setUsageHelpWidth(COLUMNS);
    collect(SEGTRAIN);
  }

  private static void collect(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    HELPS.put(name, command.getUsageMessage(Ansi.OFF));
    command.getSubcommands().values().forEach(HelpTest::collect);
  }

  @Test
  void theMainHelpFitsOnAScreen() {
    long rows = HELPS.get("segtrain").lines().count();
    assertTrue(rows <= ROWS, rows + " rows");
  }

  @Test
  void itsOptionsAreThoseOfATraining() {
    Set<String> shown =
        HELPS
            .get("segtrain")
            .lines()
            .filter(line -> line.matches("  --\\w.*"))
            .map(line -> line.strip().split(" ", 2)[0])
            .collect(Collectors.toSet());
    assertTrue(shown.size() >= 10, shown::toString);
    Set<String> unknown = new HashSet<>(shown);
    unknown.removeAll(SEGTRAIN.getCommandSpec().optionsMap().keySet());
    assertEquals(Set.of(), unknown);
  }

  @Test
  void examplesAreReadByTheirCommands() {
    HELPS.forEach(
        (command, help) -> {
          for (String example : examples(help)) {
            List<String> words = List.of(example.strip().split(" +"));
            assertTrue(example.strip().startsWith(command), example);
            SEGTRAIN.parseArgs(words.subList(1, words.size()).toArray(String[]::new));
          }
        });
  }

  @Test
  void noLineIsLongerThanTheWindow() {
    HELPS.values().stream()
        .flatMap(String::lines)
        .forEach(line -> assertTrue(line.length() <= COLUMNS, line));
  }

  @Test
  void theMainCommandsHaveExamples() {
    for (String command : List.of("", " train", " eval", " predict", " export", " data check")) {
      assertTrue(examples(HELPS.get("segtrain" + command)).size() > 1, command);
    }
  }

  private static List<String> examples(String help) {
    return help.lines()
        .dropWhile(line -> !line.equals("Examples:"))
        .skip(1)
        .takeWhile(line -> !line.isBlank())
        .toList();
  }
}
