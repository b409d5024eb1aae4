package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.DataFolder;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.EvaluatedModelOptions;
import org.segtrain.cli.options.EvaluationOptions;
import org.segtrain.cli.options.FilesOptions;
import org.segtrain.cli.options.MeasuredOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.ReportOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.options.WeightsOptions;
import org.segtrain.cli.texts.ConfigText;
import org.segtrain.cli.texts.EvaluationText;
import org.segtrain.cli.texts.FileProgress;
import org.segtrain.cli.texts.Screen;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Dataset;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.export.AnyModel;
import org.segtrain.images.PixelSize;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Shard;
import org.segtrain.inference.TrainedModel;
import org.segtrain.metrics.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain eval}: how good a trained model is, class by class. */
@Command(
    name = "eval",
    description = {
      "Measures a trained model, class by class.",
      "Compares predictions with masks of the photographs' original size.",
      "segtrain eval merge combines the files of several processes, each with its --shard."
    },
    subcommands = EvalMergeCommand.class)
public final class EvalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "Folder of a run, for its best checkpoint; a checkpoint; or an exported file. Not with"
              + " --weights.")
  private Path run;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description =
          "Kind of data: ${bundle:datasets} (that of the run; with an exported file folder, with"
              + " --weights ${bundle:dataset}, with --recipe ade20k).")
  private String dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the data; repeatable (those of the run).")
  private List<String> data;

  @Mixin private final MeasuredOptions measured = new MeasuredOptions();

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For images that cannot be read, once the others are measured: fail (exit code 1) or"
              + " skip (only count them) (fail).")
  private String onError;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Measure only every N-th image from the I-th on, and write the counts to --out.")
  private String shard;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File for the counts of --shard, JSON for segtrain eval merge.")
  private Path out;

  @Mixin private final ReportOptions report = new ReportOptions();

  @Mixin private final FilesOptions files = new FilesOptions();

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Mixin private final EvaluatedModelOptions model = new EvaluatedModelOptions();

  @Mixin private final EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Split part = usage.of(measured::split);
    WeightsSource source = usage.of(this::source);
    usage.check(this::checkShard);
    usage.check(report::check);
    BadFiles bad = new BadFiles(spec, usage.of(() -> OnError.of(onError)));
    return source.isGiven()
        ? measureWeights(source, part, usage, bad)
        : measureRun(part, usage, bad);
  }

  private int measureRun(Split part, Usage usage, BadFiles bad) {
    DatasetVariant kind = usage.of(() -> dataset == null ? null : DatasetVariant.of(dataset));
    usage.check(model::refuseWithRun);
    Overlay instead = usage.of(() -> model.overlay().with(evaluation.overlay()));
    usage.check(this::requireData);
    try (ModelInUse trained = opened(usage, instead)) {
      usage.check(() -> evaluation.refuseIdle(trained.config().evaluation()));
      TrainConfig asked = asked(kind, trained.config(), usage);
      Dataset images =
          usage.of(() -> measured.of(DatasetVariant.openToMeasure(asked, trained.classes())));
      return measure(trained, asked, images, part, bad);
    }
  }

  private ModelInUse opened(Usage usage, Overlay instead) {
    Resources resources = resources(usage);
    usage.check(() -> model.check(resources));
    return GivenModel.shown(spec, () -> usage.of(() -> AnyModel.open(run, resources, instead)));
  }

  /** An exported file does not say what it was trained on. */
  private void requireData() {
    if (dataset == null && data == null && AnyModel.isExported(run)) {
      throw new UsageException(
          ("%s does not name its training data; give --data DIR, and --dataset NAME if they are"
                  + " no folder of images and masks")
              .formatted(run));
    }
  }

  /** Measures on all that can be read, and tells the rest. */
  private int measure(
      ModelInUse trained, TrainConfig asked, Dataset images, Split part, BadFiles bad) {
    report.refuseAmong(asked);
    SkippingDataset readable = SkippingDataset.forMeasuring(images);
    EvaluationSource source =
        EvaluationSource.of(trained, asked, images, part).named(measured.name());
    if (!report.isJson()) {
      tell(trained, source, FirstImage.of(images, part));
    }
    Shard own = shard == null ? Shard.WHOLE : Shard.of(shard);
    Evaluation found;
    try (FileProgress progress = new FileProgress(Screen.of(spec), "measuring", " images")) {
      found = trained.evaluate(readable, part, own, progress);
    }
    if (shard == null) {
      EvaluationOutput.print(spec, report, source, found);
    } else {
      new EvaluationPart(
              own,
              source,
              EvaluationPart.identity(trained, asked, images, part),
              readable.sentences(),
              found)
          .write(out);
      spec.commandLine()
          .getOut()
          .println(
              "wrote %s, shard %s: %s"
                  .formatted(out, own, Counted.of(found.images().size(), "image")));
    }
    bad.addAll(readable.sentences());
    return bad.report(own.size(images.size(part)));
  }

  private void tell(ModelInUse trained, EvaluationSource source, Optional<PixelSize> first) {
    PrintWriter console = spec.commandLine().getOut();
    source.model().forEach(console::println);
    console.println(EvaluationText.data(source));
    first.ifPresent(
        size ->
            console.println(
                "the first of them (width x height): "
                    + new ConfigText(trained.config()).evaluated(size)));
    console.flush();
  }

  private int measureWeights(WeightsSource source, Split part, Usage usage, BadFiles bad) {
    DatasetVariant kind = usage.of(() -> model.dataset(dataset, Defaults.DATASET));
    TrainConfig config = usage.of(() -> model.config(kind).with(evaluation.overlay()));
    usage.check(() -> evaluation.refuseIdle(config.evaluation()));
    TrainConfig asked = asked(kind, config, usage);
    Dataset images = usage.of(() -> measured.of(DatasetVariant.open(asked)));
    List<String> classes = images.classes();
    Resources resources = resources(usage);
    usage.check(() -> model.check(resources));
    try (TrainedModel trained =
        GivenModel.shown(spec, () -> TrainedModel.of(source, config, classes, resources))) {
      return measure(trained, asked, images, part, bad);
    }
  }

  /** The weights to measure; none if it is a run. */
  private WeightsSource source() {
    WeightsSource source = weights.source();
    if (source.isGiven() != (run == null)) {
      throw new UsageException(
          "give either the folder of a run (or a checkpoint) or --weights FILE with its model");
    }
    return source;
  }

  private Resources resources(Usage usage) {
    return usage.of(() -> device.resources(1));
  }

  private void checkShard() {
    if ((shard == null) != (out == null)) {
      throw new UsageException(
          "--shard I/N and --out FILE belong together; give both, or neither for all images");
    }
    if (shard != null) {
      Shard.of(shard);
      if (report.given()) {
        throw new UsageException(
            "a shard is no result; leave --json, --confusion and --per-image to segtrain eval merge");
      }
      ReportOptions.requireFree(out);
    }
  }

  /** The configuration with the data that were asked for. */
  private TrainConfig asked(DatasetVariant kind, TrainConfig config, Usage usage) {
    DatasetVariant known = DatasetVariant.of(config.data().dataset());
    DatasetVariant variant = kind == null ? known : kind;
    Overlay declared =
        variant == known ? files.overlay() : variant.fileDefaults().with(files.overlay());
    return usage.of(
        () -> {
          TrainConfig asked =
              config
                  .with("data.dataset", variant.toString())
                  .with(declared.with(DataFolder.unweighted(data)));
          asked = asked.with(measured.overlay(asked.files()));
          return asked.data().parts().isEmpty()
              ? asked.with("data.path", DataFolder.of(variant, asked.data().path()))
              : asked;
        });
  }
}
