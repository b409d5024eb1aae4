package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
        "| backbone | parameters | GMACs | inference fp32, ms | MB | inference bf16, ms | MB |",
        lines.get(0));
    assertTrue(
        lines
            .get(2)
            .matches("\\| pvt_tiny \\| 12\\.7 M \\| 0\\.2( \\| [1-9]\\d* \\| [1-9]\\d\\d+){2} \\|"),
        lines.get(2));
    assertEquals(3, lines.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --backbone pvt_tiny --repeats 0      | repeats must be from 1 to 1000000, but is 0
          --backbone pvt_tiny --mode trianing  | unknown --mode "trianing"; did you mean training? Known: inference, training, recompute
          --backbone pvt_tiny --size 16        | size must be from 32 to 99999, but is 16
          """)
  void badNumbersAndNamesAreRefusedBeforeAnythingRuns(String arguments, String sentence) {
    Outcome outcome = Outcome.of((Object[]) ("benchmark " + arguments).split(" "));
    assertEquals(2, outcome.code());
    assertEquals("segtrain benchmark: " + sentence, outcome.sentence());
  }
}
