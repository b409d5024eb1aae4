package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkCommandTest {

  @Tag("slow")
  @Test
  void aRowPerBackboneHasTimeAndMemoryOfEachMeasurement() {
    Outcome outcome =
        Outcome.of(
            (Object[])
                ("benchmark --backbone pvt_tiny --size 64 --warm-up 0 --repeats 1 --mode inference"
                        + " --markdown")
                    .split(" "));
    assertEquals(0, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        "| model | parameters | GMACs | inference fp32, ms | images/s | MB | inference bf16, ms |"
            + " images/s | MB |",
        lines.get(0));
    assertTrue(
        lines
            .get(2)
            .matches(
                "\\| pvt_tiny \\| 12\\.7 M \\| 0\\.2( \\| [1-9]\\d* \\| [\\d.]+ \\| [1-9]\\d\\d+){2} \\|"),
        lines.get(2));
    assertEquals(3, lines.size());
  }

  @Tag("slow")
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void runsAndExportedFilesStandInTheSameTable(@TempDir Path dir) throws IOException {
    Path run = dir.resolve("run");
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    assertEquals(0, data.train(run, 32).code());
    Path file = dir.resolve("model.pt");
    assertEquals(0, Outcome.of("export", run, "--out", file).code());
    Outcome outcome =
        Outcome.of(
            "benchmark",
            run,
            file,
            "--backbone",
            "pvt_tiny",
            "--head",
            "fpn",
            "--classes",
            2,
            "--size",
            "64x96",
            "--warm-up",
            0,
            "--repeats",
            1,
            "--precision",
            "fp32",
            "--mode",
            "inference",
            "--markdown");
    assertEquals(0, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(5, lines.size());
    String counts = lines.get(2).split("\\|", -1)[2];
    assertTrue(lines.get(2).startsWith("| pvt_tiny with fpn | "), lines.get(2));
    assertTrue(lines.get(3).startsWith("| %s |%s|".formatted(run, counts)), lines.get(3));
    assertTrue(lines.get(4).matches("\\| \\S+model.pt \\| - \\| - \\| [1-9].*"), lines.get(4));
    Outcome none = Outcome.of("benchmark", dir.resolve("none"));
    assertEquals(1, none.code());
    assertTrue(none.sentence().contains("there is no such file or folder"), none.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --backbone pvt_tiny --repeats 0      | repeats must be from 1 to 1000000, but is 0
          --backbone pvt_tiny --mode trianing  | unknown --mode "trianing"; did you mean training? Known: inference, training, recompute
          --backbone pvt_tiny --precision tf32 --device cpu | --precision tf32 is for a GPU, but the device is the CPU; take fp32, which it computes exactly, or --device gpu
          --backbone pvt_tiny --size 16        | size must be from 32 to 99999, but is 16
          --mode inference                      | there is nothing to measure; name backbones with --backbone, runs or exported files
          --backbone pvt_tiny --classes 3      | --classes would have no effect without --head; give that too, or leave --classes out
          """)
  void badNumbersAndNamesAreRefusedBeforeAnythingRuns(String arguments, String sentence) {
    Outcome outcome = Outcome.of((Object[]) ("benchmark " + arguments).split(" "));
    assertEquals(2, outcome.code());
    assertEquals("segtrain benchmark: " + sentence, outcome.sentence());
  }
}
