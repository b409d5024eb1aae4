package org.segtrain.cli.texts;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.segtrain.metrics.Figure;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;

/**
 * What the user sees of a run: a progress bar in a terminal, now and then a line elsewhere, and a
 * line for each evaluation.
 */
public final class Console implements Progress, AutoCloseable {

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);
  private static final double KEPT = 0.95; // of the running means that are shown
  private static final String CLEAR_LINE = "\r\033[K";

  /** Figures of every evaluation's line. */
  private static final Set<Figure> SHOWN =
      EnumSet.of(Figure.MEAN_IOU, Figure.MEAN_ACCURACY, Figure.ACCURACY);

  private final PrintWriter out;
  private final boolean terminal;
  private final Figure figure;
  private final OptionNames words;
  private ProgressBar bar; // null outside a terminal, and before the first step
  private long lastLine = System.nanoTime();
  private List<Double> losses = List.of();
  private double imagesPerSecond = Double.NaN;
  private double meanIou = Double.NaN;

  /**
   * A console for one run.
   *
   * @param terminal whether a person watches
   * @param figure by which its checkpoints are compared
   * @param words for what the library says
   */
  public Console(PrintWriter out, boolean terminal, Figure figure, OptionNames words) {
    this.out = out;
    this.terminal = terminal;
    this.figure = figure;
    this.words = words;
  }

  @Override
  public void message(String line) {
    if (bar != null) { // which is there, and of the terminal too
      System.err.print(CLEAR_LINE);
      System.err.flush();
    }
    out.println(Printable.of(words.in(line)));
    out.flush();
  }

  private void line(String format, Object... arguments) {
    message(String.format(Locale.ROOT, format, arguments));
  }

  @Override
  public void step(StepReport step) {
    losses = smooth(losses, step.losses());
    imagesPerSecond = smooth(imagesPerSecond, step.imagesPerSecond());
    if (terminal) {
      show(step);
    } else if (isTimeForALine()) {
      line(
          "step %d/%d  loss %.4f%s  %s",
          step.step(), step.iterations(), loss(), parts(), pace(step));
    }
  }

  private boolean isTimeForALine() {
    boolean time = System.nanoTime() - lastLine > BETWEEN_LINES.toNanos();
    lastLine = time ? System.nanoTime() : lastLine;
    return time;
  }

  private void show(StepReport step) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("training")
              .setInitialMax(step.iterations())
              .startsFrom(step.step() - 1, Duration.ZERO)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(step.step());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT, "loss %.3f mIoU %.3f %.1f images/s", loss(), meanIou, imagesPerSecond));
  }

  @Override
  public void evaluating(int done, int all) {
    if (bar != null) {
      bar.setExtraMessage("validation image %d of %d".formatted(done, all));
    } else if (isTimeForALine()) {
      line("validation image %d of %d", done, all);
    }
  }

  @Override
  public void windows(int done, int all) {
    if (bar != null) {
      bar.setExtraMessage("window %d of %d of a validation image".formatted(done, all));
    } else if (isTimeForALine()) {
      line("window %d of %d of a validation image", done, all);
    }
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    Metrics metrics = evaluation.metrics();
    meanIou = metrics.meanIou();
    if (Double.isNaN(meanIou)) {
      line(
          "step %d/%d  mIoU unknown: no pixel of the validation images is labelled",
          evaluation.step(), evaluation.iterations());
      return;
    }
    line(
        "step %d/%d  mIoU %.4f%s  mAcc %.4f  aAcc %.4f%s%s",
        evaluation.step(),
        evaluation.iterations(),
        meanIou,
        EvaluationText.of(evaluation.meanIouInterval()),
        metrics.meanAccuracy(),
        metrics.accuracy(),
        SHOWN.contains(figure)
            ? ""
            : String.format(Locale.ROOT, "  %s %.4f", figure, figure.of(evaluation.evaluation())),
        evaluation.best() ? "  (best so far)" : "");
  }

  private double loss() {
    return losses.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What the loss is the sum of, if there is more than one. */
  private String parts() {
    return losses.size() < 2
        ? ""
        : losses.stream()
            .map(loss -> String.format(Locale.ROOT, "%.4f", loss))
            .collect(Collectors.joining(" + ", " = ", ""));
  }

  private String pace(StepReport step) {
    return String.format(
        Locale.ROOT,
        "lr %.2e  |gradient| %.2f  %.1f images/s",
        step.learningRate(),
        step.gradientNorm(),
        imagesPerSecond);
  }

  private static List<Double> smooth(List<Double> means, List<Double> values) {
    return means.isEmpty()
        ? values
        : IntStream.range(0, values.size())
            .mapToObj(i -> smooth(means.get(i), values.get(i)))
            .toList();
  }

  private static double smooth(double mean, double value) {
    return Double.isNaN(mean) ? value : KEPT * mean + (1 - KEPT) * value;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
