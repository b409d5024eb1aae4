package org.segtrain.cli.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.ExportOptions;
import org.segtrain.cli.options.NewModelOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.options.WeightsOptions;
import org.segtrain.cli.texts.Bar;
import org.segtrain.cli.texts.ExportText;
import org.segtrain.cli.texts.Screen;
import org.segtrain.cli.texts.Version;
import org.segtrain.config.WeightsSource;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.ExportSource;
import org.segtrain.export.ExportedModel;
import org.segtrain.export.ModelCard;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.torchscript.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain export}: a model as a file that needs nothing of this project. */
@Command(
    name = "export",
    description = {
      "Writes a model as a file that runs without segtrain.",
      "It loads the file and compares it with the model at unseen sizes, and only then replaces"
          + " an earlier file (docs/export.md)."
    })
public final class ExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN_OR_CHECKPOINT",
      description = "Folder of a run, for its best checkpoint, or a checkpoint.")
  private Path run;

  @Mixin private final ExportOptions file = new ExportOptions();

  @Mixin private final NewModelOptions fresh = new NewModelOptions();

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Override
  @SuppressWarnings("try") // the bar is there to be closed
  public Integer call() {
    Usage usage = new Usage(spec);
    ExportFormat format = usage.of(file::format);
    Deployment form = usage.of(() -> file.deployment(ExportCommand::photographs));
    usage.check(() -> format.check(form));
    WeightsSource source = usage.of(weights::source);
    usage.check(() -> refuseTwoModels(source));
    usage.check(() -> refuseOwnSource(source));
    format.checkPlace(file.out());
    PrintWriter out = spec.commandLine().getOut();
    Resources resources = Resources.start("cpu", Defaults.cores(), 1);
    try (ExportSource start = run == null ? usage.of(fresh::model) : trained(resources)) {
      usage.check(() -> form.check(start.classes().size()));
      ExportSource model = source.isGiven() ? start.loaded(source, out::println) : start;
      ModelCard card = ModelCard.of(model, form, Version.number());
      ExportText text = new ExportText(card, form);
      out.print(text.model());
      out.flush();
      Report report;
      try (Bar busy = Bar.busy(Screen.of(spec), "writing and comparing")) {
        report = format.write(model, form, card, file.out());
      }
      out.print(text.file(file.out(), format, report));
      out.flush();
    }
    return ExitCode.OK;
  }

  private static List<Path> photographs(Path place) {
    return Inputs.find(List.of(place)).images().stream().map(Inputs.Image::file).toList();
  }

  private ExportSource trained(Resources resources) {
    if (ExportedModel.isAt(run) && !TrainedModel.isRun(run)) {
      throw new DataException(
          "%s is exported already; give the run or the checkpoint that it was made from"
              .formatted(run));
    }
    return ExportSource.of(GivenModel.shown(spec, () -> TrainedModel.load(run, resources)));
  }

  private void refuseTwoModels(WeightsSource source) {
    if (run != null && (fresh.given() || source.isGiven())) {
      throw new UsageException(
          ("a run or checkpoint has its model and weights; leave --recipe, --backbone, --head,"
                  + " --images, --crop, --classes, --seed and --weights out, or leave %s out")
              .formatted(run));
    }
  }

  /** The file or folder would take the place of what it is made of. */
  private void refuseOwnSource(WeightsSource source) {
    Stream<Path> read =
        Stream.concat(
            run == null ? Stream.of() : Stream.of(run, TrainedModel.file(run)),
            source.isGiven() ? Stream.of(Path.of(source.file())) : Stream.of());
    Optional<Path> lost = read.filter(path -> isIn(file.out(), path)).findFirst();
    if (lost.isPresent()) {
      throw new UsageException(
          "--out %s would replace %s, which is to be exported; name another place"
              .formatted(file.out(), lost.get()));
    }
  }

  /** Whether {@code path} is the same as {@code place} or in it, whatever they are called. */
  private static boolean isIn(Path place, Path path) {
    try {
      return path.toRealPath().startsWith(place.toRealPath());
    } catch (IOException e) {
      return false; // one of them is not there
    }
  }
}
