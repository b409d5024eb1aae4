package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.segtrain.check.ContactSheet;
import org.segtrain.cli.options.AugmentationOptions;
import org.segtrain.cli.options.DataOptions;
import org.segtrain.cli.options.FilesOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.FileProgress;
import org.segtrain.cli.texts.Screen;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain data browse}: training samples as training sees them. */
@Command(
    name = "browse",
    description = {
      "Writes a sheet of the first training samples, augmented as in training, beside their"
          + " label overlays, with a legend."
    })
final class DataBrowseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "PNG or HTML file, by its ending (samples.png).")
  private Path out = Path.of("samples.png");

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Number of samples, at most 256 (12).")
  private int samples = 12;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For an image that cannot be read: fail (exit code 1) or skip (show the next instead,"
              + " and count it) (fail).")
  private String onError;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of order and augmentation (${bundle:run.seed}).")
  private Long seed;

  @Mixin private final AugmentationOptions augmentation = new AugmentationOptions();

  @Mixin private final FilesOptions files = new FilesOptions();

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    TrainConfig config = usage.of(() -> data.settings(asked()).config());
    usage.check(() -> augmentation.refuseIdle(config));
    usage.check(() -> ContactSheet.check(config, out));
    OnError asked = usage.of(() -> OnError.of(onError));
    ContactSheet sheet;
    try (FileProgress progress = new FileProgress(Screen.of(spec), "augmenting", " samples")) {
      boolean skips = asked == OnError.SKIP;
      sheet = usage.of(() -> ContactSheet.of(config, samples, skips, progress::at));
    }
    sheet.write(out);
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "wrote %s to %s%s"
            .formatted(
                Counted.of(samples, "training sample"),
                out,
                ContactSheet.hasNames(out)
                    ? ""
                    : " (without names, since Java finds no font here; --out FILE.html has them)"));
    console.flush();
    BadFiles bad = new BadFiles(spec, asked);
    bad.addAll(sheet.skipped());
    return bad.report(sheet.images());
  }

  private Overlay asked() {
    Overlay asked = files.overlay().with(augmentation.overlay());
    return seed == null ? asked : asked.with("run.seed", seed);
  }
}
