package org.segtrain.cli.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.cli.Outcome;
import org.segtrain.cli.Segtrain;
import org.segtrain.cli.TinyFolder;

/** {@code --processes}, as a user starts it. */
@Tag("slow")
final class ProcessesTest {

  @TempDir private Path dir;

  private TinyFolder data;
  private Path run;

  @BeforeEach
  void write() throws IOException {
    data = TinyFolder.in(dir.resolve("data"), "left", "right");
    run = dir.resolve("run");
  }

  @Test
  void aKilledProcessIsStartedAgainWithTheOthers() throws Exception {
    Process launcher = start("--iterations=12", "--processes=2", "--max-restarts=1");
    waitForAStep(launcher);
    killLast(launcher);
    assertEquals(0, launcher.waitFor(), this::said);
    assertTrue(said().contains("rank 1 was killed by signal 9"), this::said);
    assertTrue(said().contains("starts all processes again (1 of 1)"), this::said);
    assertTrue(
        said()
            .contains(
                "2 processes on 1 machine by gloo; a step has 4 images: 2 x 1 forward pass of 2"),
        this::said);
    assertTrue(lastLogged().startsWith("{\"step\":12,"), this::lastLogged);
  }

  @Test
  void allEndByTheSignalThatTheLauncherGets() throws Exception {
    Process launcher = start("--iterations=1000000", "--processes=2");
    waitForAStep(launcher);
    List<ProcessHandle> processes = launcher.children().toList();
    launcher.destroy();
    assertEquals(143, launcher.waitFor(), this::said);
    processes.forEach(each -> assertFalse(each.isAlive()));
    assertTrue(
        said().contains("go on with: segtrain --resume " + run + " --processes 2"), this::said);
  }

  @Test
  void aRestartTakesNoRunOfSomebodyElse() throws Exception {
    Files.createDirectories(run);
    Files.writeString(run.resolve("config.json"), "{}");
    Process launcher = start("--iterations=2", "--processes=2", "--max-restarts=1");
    assertEquals(1, launcher.waitFor(), this::said);
    assertTrue(said().contains(run + " holds a run already"), this::said);
    assertEquals("{}", Files.readString(run.resolve("config.json")));
  }

  @Test
  void aRestartFindsNoRunWithoutAName() {
    Outcome outcome =
        Outcome.of(
            "--backbone=pvt_tiny",
            "--dataset=folder",
            "--data=" + data.dir(),
            "--processes=2",
            "--max-restarts=1");
    assertEquals(2, outcome.code());
    assertEquals(
        "segtrain: --max-restarts needs --out DIR, where the run is found again; give it, or leave --max-restarts out",
        outcome.sentence());
  }

  @Test
  void variablesOfALauncherThatAreWrongAreNamed() throws Exception {
    ProcessBuilder one = command("--iterations=2");
    one.environment().putAll(Map.of("RANK", "2", "WORLD_SIZE", "2", "MASTER_ADDR", "127.0.0.1"));
    assertEquals(2, one.redirectOutput(console().toFile()).start().waitFor());
    assertTrue(
        said().contains("the ranks of 2 processes are from 0 to 1, but the rank is 2"), this::said);
  }

  private Process start(String... more) throws IOException {
    return command(more).redirectOutput(console().toFile()).start();
  }

  private ProcessBuilder command(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Segtrain.class.getName(),
                "--backbone=pvt_tiny",
                "--dataset=folder",
                "--data=" + data.dir(),
                "--out=" + run,
                "--crop=32",
                "--batch=2",
                "--threads=1",
                "--workers=1",
                "--precision=fp32",
                "--save-every=0.001",
                "--eval-every=1000000"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private void waitForAStep(Process launcher) throws IOException, InterruptedException {
    Path log = run.resolve("log.jsonl");
    while (launcher.isAlive() && (!Files.exists(log) || Files.size(log) == 0)) {
      Thread.sleep(50);
    }
  }

  /** Kills the process that was started last: that of the highest rank. */
  private static void killLast(Process launcher) {
    launcher
        .children()
        .max(Comparator.comparing(each -> each.info().startInstant().orElseThrow()))
        .orElseThrow()
        .destroyForcibly();
  }

  private Path console() {
    return dir.resolve("console");
  }

  private String said() {
    try {
      return Files.readString(console());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String lastLogged() {
    try {
      return Files.readAllLines(run.resolve("log.jsonl")).stream()
          .filter(line -> line.contains("\"loss\""))
          .reduce((first, last) -> last)
          .orElse("nothing");
    } catch (IOException e) {
      return e.toString();
    }
  }
}
