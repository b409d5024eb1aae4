package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandsTest {

  @Test
  void eachHasTheNameThatItIsGiven() {
    for (String name : Commands.NAMES) {
      assertEquals(name, new CommandLine(Commands.create(name)).getCommandName());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          eval run                    | eval  | false
          eval --help                 | eval  | false
          eval @options models        | eval  | false
          --version                   | none  | false
          -V                          | none  | false
          --backbone pvt_tiny         | none  | true
          --version --batch 3         | none  | true
          evl run                     | none  | true
          --stacktrace eval run       | eval  | true
          --data data --out models    | models,data | true
          """)
  void onlyThoseThatAreNamedAreBuilt(String arguments, String names, boolean training) {
    String[] words = arguments.split(" ");
    List<String> expected = names == null ? List.of() : List.of(names.split(","));
    assertEquals(expected, Commands.needed(words));
    assertEquals(training, Commands.needsTraining(words));
    CommandLine built = Segtrain.commandLine(words);
    assertEquals(expected, List.copyOf(built.getSubcommands().keySet()));
    assertEquals(training, built.getCommandSpec().optionsMap().containsKey("--backbone"));
  }

  @Test
  void theUsualClassesAreLoadedWithoutAFailure() {
    assertEquals(0, UsualClasses.load());
  }

  @ParameterizedTest
  @CsvSource({"''", "--help", "--batch 3 -h", "@options", "generate-completion"})
  void whatMayNameOrShowAnyHasThemAll(String arguments) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
    assertEquals(Commands.NAMES, Commands.needed(words));
    assertEquals(true, Commands.needsTraining(words));
  }
}
