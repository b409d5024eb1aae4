package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class ConsoleTest {

  private static final OptionNames WORDS = new OptionNames(Set.of("--warmup"));

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
      console.evaluated(new EvaluationReport(60, 100, evaluation(50, List.of()), true));
    }
    assertEquals(
        List.of(
            "3 pictures",
            "lower --warmup",
            "step 20/100  mIoU 0.2000  mAcc 0.400  aAcc 0.400  mF1 0.2857  best so far",
            "step 40/100  mIoU 0.1000 (95 % 0.333-0.333)  mAcc 0.200  aAcc 0.200  mF1 0.1667  -0.1190  best 0.2857, step 20",
            "step 60/100  mIoU 0.2500  mAcc 0.500  aAcc 0.500  mF1 0.3333  +0.1667  best so far"),
        shown.toString().lines().toList());
  }

  @Test
  void stepsAreNotWorthALineEach() {
    try (Console console = console()) {
      for (int step = 1; step <= 100; step++) {
        console.step(step(step));
      }
    }
    assertEquals("", shown.toString());
  }

  @Test
  void inATerminalLinesStayAndTheBarIsBelow() {
    ShownTerminal terminal = new ShownTerminal(100);
    try (Console console =
        new Console(terminal.out(), Screen.of(terminal.spec()), Figure.MEAN_IOU, WORDS)) {
      console.step(step(20));
      String before = bar(terminal, 0, "images/s");
      assertTrue(before.startsWith("step  20%"), before);
      assertFalse(before.contains("mIoU"), before);
      console.evaluating(1, 3);
      console.evaluated(new EvaluationReport(20, 100, evaluation(40, List.of()), true));
      console.step(step(21));
      String after = bar(terminal, 1, "mIoU 0.200");
      assertTrue(after.startsWith("step  21%"), after);
    }
    assertEquals(
        List.of("step 20/100  mIoU 0.2000  mAcc 0.400  aAcc 0.400  best so far"), terminal.rows());
  }

  /** The bar under so many lines, once it has {@code part}. */
  private static String bar(ShownTerminal terminal, int lines, String part) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < until) {
      List<String> rows = terminal.rows();
      if (rows.size() == lines + 1 && rows.get(lines).contains(part)) {
        return rows.get(lines);
      }
      Thread.onSpinWait();
    }
    return terminal.rows().toString();
  }

  private static StepReport step(int step) {
    return new StepReport(step, 100, 1, List.of(0.75, 0.25), 1e-4, 1, 1, 1, 0);
  }

  private Console console() {
    CommandLine command = new CommandLine(new Any());
    Screen.install(command, Window.none());
    return new Console(
        new PrintWriter(shown), Screen.of(command.getCommandSpec()), Figure.MEAN_F1, WORDS);
  }

  /** Of 100 pixels of sky, of which so many were found; the others were taken for sea. */
  private static Evaluation evaluation(long found, List<ImageCounts> images) {
    List<List<Long>> counts = List.of(List.of(found, 100 - found), List.of(0L, 0L));
    return new Evaluation(List.of("sky", "sea"), counts, List.of(), images);
  }

  /** What has a screen. */
  @Command(name = "any")
  private static final class Any {}
}
