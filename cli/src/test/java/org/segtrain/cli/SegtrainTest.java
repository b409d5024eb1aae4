package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.cli.options.Presets;
import org.segtrain.recipes.Recipe;

class SegtrainTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "eval",
        "eval merge",
        "predict",
        "export",
        "report",
        "data",
        "data check",
        "data browse",
        "data fetch",
        "datasets",
        "weights",
        "weights list",
        "weights fetch",
        "weights inspect",
        "weights convert",
        "weights average"
      })
  void helpIsAsReviewed(String command) throws IOException {
    String file = ("help " + command).strip().replace(' ', '-') + ".txt";
    String help = Outcome.of((Object[]) (command + " --help").strip().split(" ")).out();
    try (InputStream golden = SegtrainTest.class.getResourceAsStream(file)) {
      String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(expected, help, "if it is right, put it into " + file);
    }
  }

  @Test
  void withoutArgumentsItPrintsItsUsage() {
    assertEquals(Outcome.of("--help"), Outcome.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --bakcbone pvt_tiny | segtrain: unknown option "--bakcbone"; did you mean --backbone?
          train --itertions=3 | segtrain train: unknown option "--itertions=3"; did you mean --iterations?
          evl run             | segtrain: unknown command "evl"; did you mean eval?
          train --hue abc     | segtrain train: --hue must be a whole number, but is "abc"
          train --seed 1.5    | segtrain train: --seed must be a whole number, but is "1.5"
          train --lr=fast     | segtrain train: --lr must be a number, but is "fast"
          train --lr 1,5      | segtrain train: --lr must be a number, but is "1,5"
          predict run a --scales 1,x --out b | segtrain predict: --scales must be a number, but is "x"
          train --backbone pvt_tiny --blur-sigma 3 | segtrain train: --blur-sigma would have no effect without --blur; give that too, or leave --blur-sigma out
          data check --data none --erasing-area 0.1 | segtrain data check: --erasing-area would have no effect without --erasing; give that too, or leave --erasing-area out
          --batch 3 models    | segtrain: --batch stands before the command models; put it behind, if models knows it
          predict             | segtrain predict: missing required parameter: 'MODEL'
          predict run --out d | segtrain predict: there are no images; name files or folders of them behind run
          weights             | segtrain weights: missing required subcommand
          --dataset shapes    | segtrain: --backbone or --recipe is missing; segtrain models and segtrain recipes list them
          --resume r --recipe pvt_tiny_fpn_ade20k | segtrain: --resume keeps the values of the run; leave --recipe out
          recipes pvt_tin_fpn_ade20k --no-flops | segtrain recipes: unknown recipe "pvt_tin_fpn_ade20k"; did you mean pvt_tiny_fpn_ade20k? Known: RECIPES
          --resume r --out s  | segtrain: --resume goes on in r, but --out is s; leave --out out
          --resume            | segtrain: --resume has no folder; name that of the run, as in --resume runs/NAME
          """)
  void wrongUsageIsOneSentenceAndTheUsage(String arguments, String sentence) {
    Outcome outcome = Outcome.of((Object[]) arguments.split(" "));
    assertEquals(2, outcome.code());
    assertEquals(sentence.replace("RECIPES", Presets.names(Recipe.values())), outcome.sentence());
    assertEquals(2, outcome.err().lines().count(), outcome.err());
  }

  @Test
  void aStackTraceIsPrintedOnlyWhenAskedFor() {
    assertFalse(Outcome.of("eval", "nothing").err().contains("\tat "));
    assertTrue(Outcome.of("eval", "nothing", "--stacktrace").err().contains("\tat "));
    assertTrue(Outcome.of("--stacktrace", "eval", "nothing").err().contains("\tat "));
  }

  @Test
  void optionsCanComeFromAFile(@TempDir Path dir) throws IOException {
    Path file = Files.write(dir.resolve("recipe"), List.of("--backbone pvt_tiny", "--crop 8"));
    String sentence = Outcome.of("@" + file, "--crop", "9").sentence();
    assertEquals(
        "segtrain: --crop must be at least 32 x 32 pixels, but is 9",
        sentence); // and has its backbone
  }

  @Test
  void optionsCannotComeFromAFolder(@TempDir Path dir) {
    Outcome outcome = Outcome.of("@" + dir, "models");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("which is no file"), outcome.err());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anOutputThatIsFullIsNoSuccess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Segtrain.class.getName(),
                "datasets")
            .redirectOutput(Path.of("/dev/full").toFile())
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.startsWith("segtrain: could not write all output: "), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void theCompletionScriptIsGoodBash(@TempDir Path dir) throws Exception {
    Path script = dir.resolve("completion");
    Files.writeString(script, Outcome.of("generate-completion").out());
    assertTrue(Files.readString(script).contains("\"pvt_small\""));
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertEquals(0, bash.waitFor());
  }

  @Test
  void theVersionIsPrintedWithoutTheEngine() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Segtrain.class.getName(),
                "--version")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("segtrain 0."), output);
    assertEquals(List.of(), output.lines().filter(line -> line.contains("ai.djl")).toList());
  }
}
