package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigCommandTest {

  @TempDir Path folder;

  private static List<String> lines(Object... options) {
    Outcome outcome = Outcome.of(options);
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out().lines().map(line -> line.replaceAll(" {2,}", "|")).toList();
  }

  @Test
  void aFolderMayBeCalledLikeACommand() {
    for (String name : Segtrain.commandLine().getSubcommands().keySet()) {
      List<String> lines =
          lines("config", "--backbone=pvt_tiny", "--dataset=folder", "--data", name);
      assertTrue(lines.contains("data.path|option|" + name), lines::toString);
      Outcome outcome = Outcome.of("--backbone", "pvt_tiny", "--dataset", "folder", "--data", name);
      assertEquals(1, outcome.code(), outcome.err()); // there is no such folder
      assertTrue(outcome.err().contains(name + " is not a folder"), outcome.err());
    }
  }

  @Test
  void everyValueHasItsOrigin() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{\"batch\": 3, \"seed\": 8}");
    List<String> lines =
        lines(
            "config",
            "--recipe=pvt_small_fpn_ade20k",
            "--dataset=shapes",
            "--config=" + file,
            "--seed=9");
    assertEquals("key|origin|value", lines.get(0));
    for (String line :
        List.of(
            "run.seed|option|9",
            "schedule.batch|file " + file + "|3",
            "schedule.accumulate|recipe pvt_small_fpn_ade20k|11",
            "data.dataset|option|shapes",
            "run.precision|recipe pvt_small_fpn_ade20k|fp32",
            "fineTuning.ema|built in|0")) {
      assertTrue(lines.contains(line), () -> line + " is not in " + lines);
    }
    assertTrue(lines.stream().anyMatch(line -> line.matches("run.threads\\|this machine\\|\\d+")));
  }

  @Test
  void whatItPrintsAsJsonIsReadBack() throws IOException {
    Object[] recipe = {"config", "--recipe=hrvit_b1_segformer_ade20k", "--data=d", "--json"};
    String json = Outcome.of(recipe).out();
    Path file = Files.writeString(folder.resolve("all.json"), json);
    assertEquals(json, Outcome.of("config", "--config", file, "--json").out());
  }

  @Test
  void aRunsConfigurationIsShownWithWhatWouldReplaceIt() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    String json = Outcome.of("config", "--backbone=pvt_tiny", "--json").out();
    Files.writeString(run.resolve("config.json"), "{\"config\": %s}".formatted(json));
    List<String> lines = lines("config", "--resume", run, "--iterations", 7);
    assertTrue(lines.contains("schedule.iterations|option|7"), lines::toString);
    assertTrue(lines.contains("model.backbone|run " + run + "|pvt_tiny"), lines::toString);
  }

  @Test
  void aFileThatIsNoConfigurationIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{\"schedule\": {\"bach\": 3}}");
    Outcome outcome = Outcome.of("config", "--backbone=pvt_tiny", "--config", file);
    assertEquals(1, outcome.code());
    assertEquals(
        "segtrain config: %s: unknown key \"schedule.bach\"; did you mean schedule.batch?"
            .formatted(file),
        outcome.sentence());
    Outcome missing =
        Outcome.of("config", "--backbone=pvt_tiny", "--config", folder.resolve("gone.json"));
    assertEquals(1, missing.code());
    assertTrue(missing.sentence().contains("gone.json"), missing::err);
  }

  /** Its numbers are the file's, whichever layer checks them; what options say stays usage. */
  @Test
  void aNumberThatIsRefusedIsTheFilesIfTheFileSaysIt() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), "{\"iterations\": -3}");
    Outcome outcome = Outcome.of("config", "--backbone=pvt_tiny", "--config", file);
    assertEquals(1, outcome.code());
    assertEquals(
        "segtrain config: %s: schedule.iterations must be at least 1, but is -3".formatted(file),
        outcome.sentence());
    Files.writeString(file, "{\"batch\": 3}");
    Outcome option =
        Outcome.of("config", "--backbone=pvt_tiny", "--config", file, "--iterations=-3");
    assertEquals(2, option.code());
    assertEquals("segtrain config: --iterations must be at least 1, but is -3", option.sentence());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model": {"backbone": "pvt_tini"}}                      | unknown backbone "pvt_tini"; did you mean pvt_tiny?
          {"model": {"backbone": "pvt_tiny", "head": "fpm"}}       | unknown head "fpm"; did you mean fpn?
          {"model": {"backbone": "pvt_tiny"}, "data": {"dataset": "shape"}} | unknown dataset "shape"; did you mean shapes?
          {"model": {"backbone": "pvt_tiny"}, "data": {"images": "exactly"}} | unknown data.images "exactly"; known: aligned, exact
          {"model": {"backbone": "pvt_tiny"}, "schedule": {"batch": 5.5}} | schedule.batch must be a whole number
          """)
  void anUnknownNameIsTheFilesIfTheFileSaysIt(String json, String sentence) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.json"), json);
    Outcome outcome = Outcome.of("config", "--config", file);
    assertEquals(1, outcome.code(), outcome.err());
    assertTrue(
        outcome.sentence().startsWith("segtrain config: %s: %s".formatted(file, sentence)),
        outcome.sentence());
  }

  @Test
  void anUnknownNameThatAnOptionReplacesDoesNoHarm() throws IOException {
    Path file =
        Files.writeString(folder.resolve("mine.json"), "{\"model\": {\"backbone\": \"pvt_tini\"}}");
    List<String> lines = lines("config", "--config", file, "--backbone=pvt_tiny");
    assertTrue(lines.contains("model.backbone|option|pvt_tiny"), lines::toString);
    Outcome option = Outcome.of("config", "--config", file, "--backbone=pvt_tinx");
    assertEquals(2, option.code());
    assertTrue(option.sentence().contains("unknown --backbone \"pvt_tinx\""), option.sentence());
  }

  @Test
  void anotherDataSetOfARunWantsItsFolder() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    String json = Outcome.of("config", "--backbone=pvt_tiny", "--json").out();
    Files.writeString(run.resolve("config.json"), "{\"config\": %s}".formatted(json));
    Outcome outcome = Outcome.of("config", "--resume", run, "--dataset=folder");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("--dataset folder needs --data DIR"), outcome::err);
  }

  @Test
  void aBackboneIsNeeded() {
    Outcome outcome = Outcome.of("config", "--seed=3");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("--backbone or --recipe is missing"), outcome::err);
  }
}
