package org.segtrain.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Dataset;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.measure.Blueprint;
import org.segtrain.releases.Release;
import org.segtrain.train.RunFolder;
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
    TrainConfig asked =
        usage.of(
            () ->
                options.fineTuning.checked(
                    begun == null ? options.config() : options.over(begun.saved())));
    Release release = usage.of(() -> release(asked));
    Dataset dataset =
        DatasetVariant.of(asked.dataset())
            .open(asked.data() == null ? null : Path.of(asked.data()));
    if (options.fineTuning.parameters) {
      return showParameters(asked, dataset.classes().size());
    }
    Resources resources = usage.of(() -> options.device.resources(workers()));
    MemoryNeed.of(asked, dataset.classes().size()).check(resources.device());
    TrainConfig config = release == null ? asked : asked.withWeights(fetched(release));
    RunFolder run = begun == null ? RunFolder.create(folder(config)) : begun;
    train(config, dataset, resources, run);
    return ExitCode.OK;
  }

  /** The published weights to start from, or null. */
  private Release release(TrainConfig config) {
    if (options.pretrained.given() && config.weights() != null) {
      throw new IllegalArgumentException(
          "--pretrained and --weights both say what to start from; leave one out");
    }
    return options.pretrained.release(config.backbone());
  }

  private WeightsSource fetched(Release release) {
    Path file = options.pretrained.file(release, spec.commandLine().getErr());
    return new WeightsSource(file.toString(), null);
  }

  private int showParameters(TrainConfig config, int classes) {
    BackboneVariant backbone = BackboneVariant.of(config.backbone());
    HeadVariant head = HeadVariant.of(config.head());
    try (Blueprint model = Blueprint.of(backbone, head, classes)) {
      ParameterTable table = new ParameterTable(config.factors(), config.fineTuning());
      spec.commandLine().getOut().print(table.of(model).text());
      spec.commandLine().getOut().flush();
    }
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
    if (given != null && (options.weights.source() != null || options.pretrained.given())) {
      throw new IllegalArgumentException(
          "--resume goes on with the weights of the run; leave %s out, or begin another run with them"
              .formatted(options.pretrained.given() ? "--pretrained" : "--weights"));
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
