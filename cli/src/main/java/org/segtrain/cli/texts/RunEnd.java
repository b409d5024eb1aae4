package org.segtrain.cli.texts;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.measure.internal.Memory;
import org.segtrain.metrics.Figure;
import org.segtrain.report.Commands;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Training;
import org.segtrain.train.internal.ResidentMemory;

/**
 * The lines at the end of a training: its result, and the commands that usually follow.
 *
 * @param summary of this session
 * @param time that it took, evaluations included
 * @param again how it goes on
 */
public record RunEnd(
    TrainConfig config,
    RunFolder run,
    Training.Summary summary,
    Console console,
    Duration time,
    Again again) {

  /**
   * How a run goes on.
   *
   * @param processes that shared it
   * @param startsThem whether the command itself starts them, and no other launcher
   */
  public record Again(int processes, boolean startsThem) {

    /** The command to resume it. */
    String command(RunFolder run, String more) {
      boolean has = processes > 1 && startsThem;
      return Commands.of("--resume " + Commands.quoted(run.dir()))
          + (has ? " --processes " + processes : "")
          + more
          + (processes > 1 && !has ? ", in each of %d processes".formatted(processes) : "");
    }
  }

  private static final String GENERATED = DatasetVariant.SHAPES.toString();

  /** In lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (summary.made() > 0) {
      lines.add(made());
    }
    if (summary.best() >= 0) {
      lines.add(best());
    }
    if (Files.exists(run.report())) {
      lines.add("report: " + run.report());
    }
    if (summary.stopped()) {
      lines.add(stopped());
    } else {
      if (summary.made() == 0) {
        lines.add(nothingLeft());
      }
      lines.add("next: " + command("eval %s"));
      lines.add("      " + command("predict %s IMAGES --out predicted"));
      lines.add("      " + command("export %s --out model.onnx"));
    }
    return lines;
  }

  /**
   * The command that resumes a run that an error ended.
   *
   * @param mayBeData whether an image can be the cause
   */
  public static String goOn(RunFolder run, TrainConfig config, Again again, boolean mayBeData) {
    return "once the error below is put right, go on with: %s%s"
        .formatted(
            again.command(run, ""),
            !mayBeData || config.data().dataset().equals(GENERATED)
                ? ""
                : " (--on-error skip leaves out images that cannot be read)");
  }

  private String made() {
    String memory =
        ResidentMemory.peak().isPresent()
            ? ", %s of memory at most".formatted(Memory.size(ResidentMemory.peak().getAsLong()))
            : "";
    memory +=
        console.gpuMb() == 0 ? "" : ", %s of the GPU".formatted(Memory.size(console.gpuMb() << 20));
    return String.format(
        Locale.ROOT,
        "%s in %s; %.3g images/s without evaluations%s",
        Counted.of(summary.made(), "step"),
        Numbers.time(time),
        console.meanImagesPerSecond(),
        memory);
  }

  /** An earlier session had the interval of its own evaluations. */
  private String best() {
    return console
        .best()
        .map(this::best)
        .orElseGet(
            () -> String.format(Locale.ROOT, "best %s %.4f", config.run().best(), summary.best()));
  }

  private String best(EvaluationReport report) {
    Figure figure = config.run().best();
    String miou =
        String.format(
            Locale.ROOT,
            "mIoU %.4f%s",
            report.metrics().meanIou(),
            EvaluationText.of(report.meanIouInterval()));
    return figure == Figure.MEAN_IOU
        ? "best %s, step %d".formatted(miou, report.step())
        : String.format(
            Locale.ROOT,
            "best %s %.4f, step %d: %s",
            figure,
            figure.of(report.evaluation()),
            report.step(),
            miou);
  }

  private String stopped() {
    boolean early = summary.end() == Training.End.OUT_OF_PATIENCE;
    return "stopped after step %d of %d; saved in %s; go on with: %s"
        .formatted(
            summary.step(),
            config.schedule().iterations(),
            run.last(),
            again.command(run, early ? " --patience 0" : ""));
  }

  private String nothingLeft() {
    return "%s done; raise --iterations to go on: %s"
        .formatted(
            summary.step() == 1 ? "the only step is" : "all %d steps are".formatted(summary.step()),
            again.command(run, " --iterations N"));
  }

  /**
   * A command about this run.
   *
   * @param words with a place for its folder
   */
  private String command(String words) {
    return Commands.of(words.formatted(Commands.quoted(run.dir())));
  }
}
