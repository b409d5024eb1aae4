package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.DataFolder;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.EvaluatedModelOptions;
import org.segtrain.cli.options.EvaluationOptions;
import org.segtrain.cli.options.FilesOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.options.WeightsOptions;
import org.segtrain.cli.texts.ConfigText;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Dataset;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.metrics.Metrics;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain eval}: how good a trained model is, class by class. */
@Command(name = "eval", description = "Measures a trained model on images at their original size.")
public final class EvalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN_OR_CHECKPOINT",
      description =
          "Folder of a run, whose best checkpoint is taken, or a checkpoint; not with --weights.")
  private Path run;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description =
          "Kind of data: ${bundle:datasets} (what the run was trained on; with --weights"
              + " ${bundle:dataset}, with --recipe ade20k).")
  private String dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the data; repeatable (those of the run).")
  private List<String> data;

  @Option(
      names = "--split",
      paramLabel = "training|validation|test",
      completionCandidates = NameLists.Splits.class,
      description = "Which images (validation).")
  private String split;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "Images that cannot be read, once the others are measured: fail (exit code 1) or skip"
              + " (only a count) (fail).")
  private String onError;

  @Mixin private final FilesOptions files = new FilesOptions();

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Mixin private final EvaluatedModelOptions model = new EvaluatedModelOptions();

  @Mixin private final EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Split part =
        usage.of(
            () -> split == null ? Split.VALIDATION : Choice.of("split", Split.values(), split));
    WeightsSource source = usage.of(this::source);
    BadFiles bad = new BadFiles(spec, usage.of(() -> OnError.of(onError)));
    return source.isGiven()
        ? measureWeights(source, part, usage, bad)
        : measureRun(part, usage, bad);
  }

  private int measureRun(Split part, Usage usage, BadFiles bad) {
    DatasetVariant kind = usage.of(() -> dataset == null ? null : DatasetVariant.of(dataset));
    usage.check(model::refuseWithRun);
    Overlay otherwise = usage.of(evaluation::overlay);
    try (TrainedModel trained =
        usage.of(() -> TrainedModel.load(run, otherwise, resources(usage)))) {
      return measure(trained, open(kind, trained.config(), usage), part, bad);
    }
  }

  /** Measures on all that can be read, and tells the rest. */
  private int measure(TrainedModel trained, Dataset images, Split part, BadFiles bad) {
    SkippingDataset readable = SkippingDataset.forMeasuring(images);
    Metrics metrics = trained.evaluate(readable, part);
    bad.addAll(readable.sentences());
    print(trained, metrics, images.size(part), readable.sentences().size());
    return bad.report(images.size(part));
  }

  private int measureWeights(WeightsSource source, Split part, Usage usage, BadFiles bad) {
    DatasetVariant kind = usage.of(() -> model.dataset(dataset, Defaults.DATASET));
    TrainConfig config = usage.of(() -> model.config(kind).with(evaluation.overlay()));
    Dataset images = open(kind, config, usage);
    List<String> classes = images.classes();
    try (TrainedModel trained = TrainedModel.of(source, config, classes, resources(usage))) {
      return measure(trained, images, part, bad);
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

  private Dataset open(DatasetVariant kind, TrainConfig config, Usage usage) {
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
          return DatasetVariant.open(
              asked.data().parts().isEmpty()
                  ? asked.with("data.path", DataFolder.of(variant, asked.data().path()))
                  : asked);
        });
  }

  private void print(TrainedModel trained, Metrics metrics, int all, int unread) {
    PrintWriter out = spec.commandLine().getOut();
    trained.origin().forEach(out::println);
    out.println("photographs: " + new ConfigText(trained.config()).evaluated(ConfigText.EXAMPLE));
    if (unread > 0) {
      out.println(
          "measured on %d of %d images; what is wrong with the others is told below"
              .formatted(all - unread, all));
    }
    Table table = new Table("class", "IoU", "accuracy");
    for (int k = 0; k < metrics.classes().size(); k++) {
      table.add(
          metrics.classes().get(k),
          share(metrics.iou().get(k)),
          share(metrics.accuracies().get(k)));
    }
    out.print(table.text());
    out.println(
        "mIoU %s  mAcc %s  aAcc %s"
            .formatted(
                share(metrics.meanIou()),
                share(metrics.meanAccuracy()),
                share(metrics.accuracy())));
    if (Double.isNaN(metrics.meanIou())) {
      out.println("mIoU is unknown, since no pixel of these images is labelled");
    }
    out.flush();
  }

  /** Four decimals; a class without a pixel has none. */
  private static String share(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
