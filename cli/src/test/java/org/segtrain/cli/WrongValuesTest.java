package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A value that an option cannot have is refused with its name, the value, and what is wanted. */
final class WrongValuesTest {

  private static final String WRONG = "wrng";

  /** Takes any name, of which a shell knows the usual ones. */
  private static final String FREE = "--split";

  /** What each command needs beside the option, so that nothing else is wrong; DIR has data. */
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("segtrain", "--backbone pvt_tiny"),
          Map.entry("segtrain train", "--backbone pvt_tiny"),
          Map.entry("segtrain config", "--backbone pvt_tiny"),
          Map.entry("segtrain eval", "--weights DIR/none.pth --backbone pvt_tiny"),
          Map.entry("segtrain eval merge", "DIR/none.json"),
          Map.entry(
              "segtrain predict",
              "--weights DIR/none.pth --backbone pvt_tiny --classes DIR/classes.txt --out DIR/../out"
                  + " DIR/images/training/a.png"),
          Map.entry("segtrain export", "--backbone pvt_tiny --classes 2 --out DIR/../model.pt"),
          Map.entry("segtrain data check", "--data DIR"),
          Map.entry("segtrain data browse", "--data DIR --out DIR/../sheet.png"),
          Map.entry("segtrain weights convert", "DIR/none.pth DIR/none.safetensors"),
          Map.entry("segtrain benchmark", "--backbone pvt_tiny"),
          Map.entry("segtrain models", "pvt_tiny"),
          Map.entry("segtrain parity", "DIR/none.json"),
          Map.entry("segtrain doctor", ""));

  @TempDir private static Path shared;
  private static Path data;

  @BeforeAll
  static void makesData() throws IOException {
    data = TinyFolder.in(shared.resolve("data"), "left", "right").dir();
  }

  record Chosen(String command, OptionSpec option) {
    @Override
    public String toString() {
      return command + " " + option.longestName();
    }
  }

  /** Every option with names that a shell completes, of every command. */
  static List<Chosen> choices() {
    List<Chosen> all = new ArrayList<>();
    collect(Segtrain.commandLine(), all);
    return all;
  }

  private static void collect(CommandLine command, List<Chosen> all) {
    CommandSpec spec = command.getCommandSpec();
    spec.options().stream()
        .filter(option -> option.completionCandidates() != null)
        .filter(option -> !option.longestName().equals(FREE))
        .forEach(option -> all.add(new Chosen(spec.qualifiedName(), option)));
    command.getSubcommands().values().forEach(sub -> collect(sub, all));
  }

  @Test
  void thereAreChoicesInMostCommands() {
    assertTrue(choices().size() > 60, choices()::toString);
    assertEquals(
        NEEDED.keySet(), choices().stream().map(Chosen::command).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void aNameThatThereIsNotIsRefusedWithThoseThereAre(Chosen chosen) {
    String option = chosen.option().longestName();
    String sentence = refused(chosen.command(), option + "=" + WRONG);
    assertTrue(sentence.contains(option + " "), sentence);
    assertTrue(sentence.contains('"' + WRONG + '"'), sentence);
    for (String name : chosen.option().completionCandidates()) {
      assertTrue(sentence.contains(name), sentence);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          segtrain config      | --crop, --window, --window=64 --stride   | abc, 0, -5, 5x, x5, 100000, 1e3, 64x0, 16.5
          segtrain config      | --crop, --window                         | 16, 31x64
          segtrain config      | --window=64 --stride                     | 65, 64x100
          segtrain config      | --scale, --eval-size                     | abc, 512, 0x0, -5x5, 512x, 5x0, 1e3x4, 99999999x5
          segtrain train       | --crop, --scale, --eval-size, --window   | abc, 0, -5
          segtrain eval        | --crop, --eval-size, --window, --window=64 --stride | abc, 0, -5
          segtrain predict     | --crop, --eval-size, --window, --window=64 --stride | abc, 0, -5
          segtrain export      | --crop                                   | abc, 0, -5, 16
          segtrain data browse | --crop, --scale                          | abc, 0, -5
          segtrain data check  | --crop, --scale                          | abc, 0, -5
          segtrain recipes     | --size                                   | abc, 0, -5, 16, 5x
          segtrain models      | --size                                   | abc, 0, -5, 16, 5x
          """)
  void aSizeThatIsNoneIsRefusedWithWhatIsWanted(String command, String options, String values) {
    for (String option : options.split(", ", -1)) {
      for (String value : values.split(", ", -1)) {
        String sentence = refused(command, option + "=" + value);
        String named = option.substring(option.lastIndexOf(' ') + 1);
        assertTrue(sentence.contains(named + " "), sentence);
        assertTrue(sentence.matches(".*(must be|must have|larger than).*"), sentence);
        assertTrue(sentence.matches(".*[ \"]" + value + "[\", ].*|.*[ \"]" + value), sentence);
      }
    }
  }

  @Test
  void thatPhotographsMayKeepTheirSizeIsSaid() {
    String sentence = refused("segtrain config", "--eval-size=big");
    assertTrue(sentence.contains("as in 2048x512, or original, but is \"big\""), sentence);
  }

  /** The sentence about options, beside what the command needs. */
  private static String refused(String command, String options) {
    String needed = NEEDED.getOrDefault(command, "").replace("DIR", data.toString());
    Object[] words =
        Stream.of(command.replaceFirst("segtrain ?", ""), needed, options)
            .flatMap(some -> Arrays.stream(some.split(" ")))
            .filter(word -> !word.isEmpty())
            .toArray();
    Outcome outcome = Outcome.of(words);
    assertEquals(2, outcome.code(), outcome.err());
    return outcome.sentence();
  }
}
