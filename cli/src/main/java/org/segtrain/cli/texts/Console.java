package org.segtrain.cli.texts;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segtrain.metrics.Figure;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;

/**
 * The console of a run: a bar in a terminal, now and then a line elsewhere, and a line for each
 * evaluation.
 */
public final class Console implements Progress, AutoCloseable {

  private static final double KEPT = 0.95; // of the running means that are shown

  /** Figures of every evaluation's line. */
  private static final Set<Figure> SHOWN =
      EnumSet.of(Figure.MEAN_IOU, Figure.MEAN_ACCURACY, Figure.ACCURACY);

  private final PrintWriter out;
  private final Screen screen;
  private final Figure figure;
  private final OptionNames words;
  private final Bar before; // the first step
  private final Bar bar;
  private StepReport newest; // null before the first step
  private long gpuMb; // the most so far
  private List<Double> losses = List.of();
  private double imagesPerSecond = Double.NaN;
  private long steps; // of this session
  private double secondsPerImage; // summed over them
  private EvaluationReport last; // null before the first evaluation
  private EvaluationReport best; // null likewise

  /**
   * A console for one run.
   *
   * @param out for lines
   * @param screen for the bar
   * @param figure by which its checkpoints are compared
   * @param words for what the library says
   */
  public Console(PrintWriter out, Screen screen, Figure figure, OptionNames words) {
    this.out = out;
    this.screen = screen;
    this.figure = figure;
    this.words = words;
    this.before = Bar.busy(screen, "preparing");
    this.bar = Bar.of(screen, "step", "");
  }

  /** The best evaluation of this session, if it is the best of the run. */
  public Optional<EvaluationReport> best() {
    return Optional.ofNullable(best);
  }

  /** Whether this session made a step. */
  public boolean hasSteps() {
    return newest != null;
  }

  /** The most memory of the GPU that was in use at this session's steps, MB; 0 on a CPU. */
  public long gpuMb() {
    return gpuMb;
  }

  /** Images that each second of this session's steps had, evaluations left out. */
  double meanImagesPerSecond() {
    return steps / secondsPerImage;
  }

  @Override
  public void message(String line) {
    out.println(Printable.of(words.in(line)));
    out.flush();
  }

  private void line(String format, Object... arguments) {
    message(String.format(Locale.ROOT, format, arguments));
  }

  @Override
  public void step(StepReport step) {
    newest = step;
    gpuMb = Math.max(gpuMb, step.gpuMb());
    losses = smooth(losses, step.losses());
    imagesPerSecond = smooth(imagesPerSecond, step.imagesPerSecond());
    steps++;
    secondsPerImage += 1 / step.imagesPerSecond();
    if (screen.isWatched()) {
      show(
          "loss %.3f%s %.3g images/s"
              .formatted(
                  loss(), last == null ? "" : " mIoU %.3f".formatted(miou(last)), imagesPerSecond));
    } else if (bar.isTimeForALine()) {
      line(
          "step %d/%d  loss %.4f%s  %s",
          step.step(), step.iterations(), loss(), parts(), pace(step));
    }
  }

  private void show(String also) {
    before.close();
    bar.at(newest.step(), newest.iterations(), also);
  }

  @Override
  public void evaluating(int done, int all) {
    tell("validation image %d of %d".formatted(done, all));
  }

  @Override
  public void windows(int done, int all) {
    tell("window %d of %d of a validation image".formatted(done, all));
  }

  private void tell(String what) {
    if (!screen.isWatched()) {
      if (bar.isTimeForALine()) {
        message(what);
      }
    } else if (newest != null) {
      show(what);
    }
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    Metrics metrics = evaluation.metrics();
    if (Double.isNaN(metrics.meanIou())) {
      line(
          "step %d/%d  mIoU unknown: no pixel of the validation images is labelled",
          evaluation.step(), evaluation.iterations());
      return;
    }
    line(
        "step %d/%d  mIoU %.4f%s  mAcc %.3f  aAcc %.3f%s%s",
        evaluation.step(),
        evaluation.iterations(),
        metrics.meanIou(),
        interval(evaluation.meanIouInterval()),
        metrics.meanAccuracy(),
        metrics.accuracy(),
        SHOWN.contains(figure)
            ? ""
            : String.format(Locale.ROOT, "  %s %.4f", figure, of(evaluation)),
        change(evaluation));
    last = evaluation;
    best = evaluation.best() ? evaluation : best;
  }

  private static String interval(Interval interval) {
    return interval.isKnown()
        ? String.format(Locale.ROOT, " (95 %% %.3f-%.3f)", interval.low(), interval.high())
        : "";
  }

  /** By how much the figure changed since the last evaluation, and which is the best. */
  private String change(EvaluationReport evaluation) {
    String since =
        last == null ? "" : String.format(Locale.ROOT, "  %+.4f", of(evaluation) - of(last));
    if (evaluation.best()) {
      return since + "  best so far";
    }
    return best == null
        ? since
        : since + String.format(Locale.ROOT, "  best %.4f, step %d", of(best), best.step());
  }

  private double of(EvaluationReport evaluation) {
    return figure.of(evaluation.evaluation());
  }

  private static double miou(EvaluationReport evaluation) {
    return evaluation.metrics().meanIou();
  }

  private double loss() {
    return losses.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The summands of the loss, if there are several. */
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
        "lr %.2e  gradient norm %.2f  %.1f images/s",
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

  /** Removes the bar, when all steps are made. */
  public void end() {
    before.close();
    bar.close();
  }

  @Override
  public void close() {
    end();
  }
}
