package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segtrain.check.CheckPage;
import org.segtrain.check.CheckReport;
import org.segtrain.check.DataCheck;
import org.segtrain.cli.options.AugmentationOptions;
import org.segtrain.cli.options.DataOptions;
import org.segtrain.cli.options.FilesOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.CheckText;
import org.segtrain.cli.texts.FileProgress;
import org.segtrain.cli.texts.OptionNames;
import org.segtrain.cli.texts.Screen;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain data check}: the contents of a data set, its faults, and remedies. */
@Command(
    name = "check",
    description = {
      "Reads every image and mask once and reports contents, faults and remedies.",
      "It keeps its results, so it does not read unchanged files again. Exit code 1 if training"
          + " would fail or learn from wrong labels."
    })
final class DataCheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();

  @Option(names = "--json", description = "Print JSON, with keys of a configuration.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with findings, histograms and samples.")
  private Path html;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Number of files to name for each finding (3).")
  private int limit = 3;

  @Mixin private final AugmentationOptions augmentation = new AugmentationOptions();

  @Mixin private final FilesOptions files = new FilesOptions();

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    usage.check(this::checkLimit);
    usage.check(this::checkPage);
    TrainConfig config =
        usage.of(() -> data.settings(files.overlay().with(augmentation.overlay())).config());
    usage.check(() -> augmentation.refuseIdle(config));
    DataCheck check = usage.of(() -> opened(config));
    if (html != null) {
      CheckPage.check(html, check);
    }
    OptionNames words = OptionNames.of(CommandSpec.forAnnotatedObject(new TrainCommand()));
    CheckReport report;
    try (FileProgress progress = new FileProgress(Screen.of(spec), "checking", " files")) {
      report = check.run(progress::at);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? Json.page(report) : new CheckText(report, words, limit).text());
    out.flush();
    if (html != null) {
      CheckPage.write(html, check, report, words::in);
    }
    return report.hasErrors() ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  /** Programs that read JSON get it also where there is nothing to check. */
  private DataCheck opened(TrainConfig config) {
    try {
      return DataCheck.of(config);
    } catch (DataException nothing) {
      if (json) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(Json.page(CheckReport.ofNothing(config, nothing)));
        out.flush();
      }
      throw nothing;
    }
  }

  private void checkPage() {
    if (html != null && !html.toString().toLowerCase(Locale.ROOT).matches(".*\\.html?")) {
      throw new UsageException(
          "--html is a file whose name ends in .html, but is %s".formatted(html));
    }
  }

  private void checkLimit() {
    if (limit < 0) {
      throw new UsageException("--limit must be at least 0, but is %d".formatted(limit));
    }
  }
}
