package org.segtrain.cli.options;

import java.nio.file.Path;
import org.segtrain.config.Overlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The folder of the run, and its checkpoints. */
@Command(optionListHeading = "%nThe run:%n")
public final class RunOptions {

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that prepare batches (half the number of cores).")
  public Integer workers;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For an image that cannot be read: fail (end the run) or skip (train on the next"
              + " instead, and count it) (fail).")
  public String onError;

  @Option(
      names = "--save-every",
      paramLabel = "MINUTES",
      description =
          "Also save the run after so many minutes between evaluations; 0 saves at evaluations"
              + " alone (${bundle:run.saveMinutes}).")
  private Double saveMinutes;

  @Option(
      names = "--keep",
      paramLabel = "K",
      description =
          "Keep the weights of the last K evaluations, beside the last and the best"
              + " (${bundle:run.keep}).")
  private Integer keep;

  @Option(
      names = "--best",
      paramLabel = "FIGURE",
      completionCandidates = NameLists.Figures.class,
      description =
          "Figure whose highest value makes the best checkpoint: mIoU, mAcc, aAcc, mF1, fwIoU or"
              + " mBIoU (${bundle:run.best}).")
  private String best;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "End after N evaluations without improvement; 0 never (${bundle:run.patience}).")
  private Integer patience;

  @Option(
      names = "--recompute",
      negatable = true,
      description =
          "Recompute the layers of the backbone in the backward pass: less memory, more time"
              + " (${bundle:run.recompute}).")
  private Boolean recompute;

  @Option(
      names = "--tensorboard",
      description =
          "Also write event files for TensorBoard into DIR/tensorboard; a resumed run keeps"
              + " writing them.")
  public boolean tensorboard;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run (runs/BACKBONE-HEAD-DATASET, numbered if it is taken).")
  public Path out;

  @Option(
      names = "--resume",
      arity = "0..1",
      paramLabel = "DIR",
      fallbackValue = "",
      description =
          "Resume the run in DIR, or in --out, from its last checkpoint; options override its"
              + " values.")
  public Path resume;

  /** The given values of the configuration. */
  Overlay overlay() {
    return new GivenValues()
        .set("run.saveMinutes", saveMinutes)
        .set("run.keep", keep)
        .set("run.best", best)
        .set("run.patience", patience)
        .set("run.recompute", recompute)
        .overlay();
  }
}
