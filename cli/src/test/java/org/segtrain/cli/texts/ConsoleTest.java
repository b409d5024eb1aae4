package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.StepReport;

final class ConsoleTest {

  private final StringWriter shown = new StringWriter();

  @Test
  void outsideATerminalThereAreOnlyLines() {
    try (Console console = console()) {
      console.message("3 pictures");
      console.evaluated(new EvaluationReport(20, 100, metrics(0.25), true));
      console.evaluated(new EvaluationReport(40, 100, metrics(0.125), false));
    }
    assertEquals(
        List.of(
            "3 pictures",
            "step 20/100  mIoU 0.2500  mAcc 0.5000  aAcc 0.7500  (best so far)",
            "step 40/100  mIoU 0.1250  mAcc 0.5000  aAcc 0.7500"),
        shown.toString().lines().toList());
  }

  @Test
  void stepsAreNotWorthALineEach() {
    try (Console console = console()) {
      for (int step = 1; step <= 100; step++) {
        console.step(new StepReport(step, 100, 1, List.of(0.75, 0.25), 1e-4, 1, 1, 1));
      }
    }
    assertEquals("", shown.toString());
  }

  private Console console() {
    return new Console(new PrintWriter(shown), false);
  }

  private static Metrics metrics(double iou) {
    return new Metrics(List.of("sky"), List.of(iou), List.of(0.5), 0.75);
  }
}
