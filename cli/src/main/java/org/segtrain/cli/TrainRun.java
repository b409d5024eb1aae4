package org.segtrain.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.segtrain.data.Dataset;
import org.segtrain.train.DatasetVariant;
import org.segtrain.train.Resources;
import org.segtrain.train.RunFolder;
import org.segtrain.train.TrainConfig;
import org.segtrain.train.Training;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** One training run, from its options to its last line on the console. */
record TrainRun(CommandSpec spec, TrainOptions options) {

  /** Trains, or continues to. */
  int call() {
    Usage usage = new Usage(spec);
    Path resumed = usage.of(this::resumed);
    RunFolder begun = resumed == null ? null : RunFolder.resume(resumed);
    TrainConfig config =
        usage.of(() -> begun == null ? options.config() : options.over(begun.saved()));
    Dataset dataset =
        DatasetVariant.of(config.dataset())
            .open(config.data() == null ? null : Path.of(config.data()));
    Resources resources = usage.of(() -> options.device.resources(workers()));
    MemoryNeed.of(config, dataset.classes().size()).check(resources.device());
    RunFolder run = begun == null ? RunFolder.create(folder(config)) : begun;
    train(config, dataset, resources, run);
    return ExitCode.OK;
  }

  private void train(TrainConfig config, Dataset dataset, Resources resources, RunFolder run) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s with %s, %d classes, %s on %s; run folder: %s"
            .formatted(
                config.backbone(),
                config.head(),
                dataset.classes().size(),
                config.precision(),
                DeviceOptions.describe(resources),
                run.dir()));
    if (options.recipe() != null) {
      out.print(new RecipeText(options.recipe(), config).text());
    }
    out.flush();
    boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
    Training training = new Training(config, dataset, resources, run, out, terminal);
    Interrupt.stops(training::requestStop, () -> report(training.run(), config, run, out));
  }

  private static void report(
      Training.Summary summary, TrainConfig config, RunFolder run, PrintWriter out) {
    if (summary.stopped()) {
      out.println(
          "stopped after step %d of %d; saved in %s; go on with: segtrain --resume %s"
              .formatted(summary.step(), config.iterations(), run.last(), run.dir()));
    }
    out.flush();
  }

  /** The folder of the run to go on with, or null. */
  private Path resumed() {
    Path given = options.run.resume;
    if (given != null && options.recipe() != null) {
      throw new IllegalArgumentException(
          "--resume goes on with what the run was begun with; leave --recipe out");
    }
    if (given != null && options.weights.source() != null) {
      throw new IllegalArgumentException(
          "--resume goes on with the weights of the run; leave --weights out, or begin another run"
              + " with them");
    }
    if (given == null || !given.toString().isEmpty()) {
      return given;
    }
    if (options.run.out == null) {
      throw new IllegalArgumentException(
          "--resume has no folder; name that of the run, as in --resume runs/NAME");
    }
    return options.run.out;
  }

  private Path folder(TrainConfig config) {
    String name = "%s-%s-%s".formatted(config.backbone(), config.head(), config.dataset());
    return options.run.out != null ? options.run.out : RunFolder.free(Path.of("runs"), name);
  }

  private int workers() {
    return options.run.workers == null ? Defaults.workers() : options.run.workers;
  }
}
