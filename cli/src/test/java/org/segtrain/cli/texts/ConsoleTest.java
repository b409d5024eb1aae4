package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Figure;
import org.segtrain.metrics.ImageCounts;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.StepReport;

final class ConsoleTest {

  private final StringWriter shown = new StringWriter();

  @Test
  void outsideATerminalThereAreOnlyLines() {
    try (Console console = console()) {
      console.message("3 pictures");
      console.message("lower schedule.warmup");
      console.evaluated(new EvaluationReport(20, 100, evaluation(40, List.of()), true));
      ImageCounts image = new ImageCounts(0, "a", 9, 9, List.of(new ClassCounts(0, 8, 8, 4)));
      List<ImageCounts> images = List.of(image, image);
      console.evaluated(new EvaluationReport(40, 100, evaluation(20, images), false));
    }
    assertEquals(
        List.of(
            "3 pictures",
            "lower --warmup",
            "step 20/100  mIoU 0.2000  mAcc 0.4000  aAcc 0.4000  mF1 0.2857  (best so far)",
            "step 40/100  mIoU 0.1000 (95 % 0.333-0.333 over 2 images)  mAcc 0.2000  aAcc 0.2000  mF1 0.1667"),
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
    return new Console(
        new PrintWriter(shown), false, Figure.MEAN_F1, new OptionNames(Set.of("--warmup")));
  }

  /** Of 100 pixels of sky, of which so many were found; the others were taken for sea. */
  private static Evaluation evaluation(long found, List<ImageCounts> images) {
    List<List<Long>> counts = List.of(List.of(found, 100 - found), List.of(0L, 0L));
    return new Evaluation(List.of("sky", "sea"), counts, List.of(), images);
  }
}
