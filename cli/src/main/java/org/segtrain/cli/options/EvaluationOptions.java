package org.segtrain.cli.options;

import java.util.List;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.Overlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How a model is run on whole photographs. */
@Command(
    optionListHeading =
        "%nPhotographs in evaluation and prediction; defaults depend on the run, recipe or data set:%n")
public final class EvaluationOptions {

  @Option(
      names = "--eval-size",
      paramLabel = "LONGxSHORT|original",
      description =
          "Edges that photographs are resized to, keeping their aspect ratio; original keeps"
              + " their size (as in training).")
  private String size;

  @Option(
      names = "--divisor",
      paramLabel = "N",
      description = "Round both edges up to multiples of N; 0 follows the training (0).")
  private Integer divisor;

  @Option(
      names = "--padded",
      negatable = true,
      description = "With --divisor, pad on the right and below rather than resize" + " (resize).")
  private Boolean padded;

  @Option(
      names = "--scales",
      paramLabel = "FACTOR",
      split = ",",
      description =
          "Average predictions at these factors of that size, as in 0.5,0.75,1,1.25,1.5,1.75 (1).")
  private List<Double> scales;

  @Option(
      names = "--flip",
      negatable = true,
      description = "Average the mirrored photograph too, at each scale (off).")
  private Boolean flip;

  @Option(
      names = "--average",
      paramLabel = "probabilities|logits",
      completionCandidates = NameLists.Averagings.class,
      description =
          "Values to average over scales and mirrored photographs: probabilities (as"
              + " MMSegmentation) or logits (as HRFormer's code) (probabilities).")
  private String average;

  @Option(
      names = "--window",
      paramLabel = "PIXELS|HxW|none",
      description =
          "Slide a window of that size over photographs and average scores where windows overlap"
              + " (none).")
  private String window;

  @Option(
      names = "--stride",
      paramLabel = "PIXELS|HxW",
      description = "Step from window to window (two thirds of --window).")
  private String stride;

  /**
   * Refuses what has no effect on how a model is run.
   *
   * @throws org.segtrain.errors.UsageException naming the option, and the one that it needs
   */
  public void refuseIdle(EvaluationConfig config) {
    Idle.refuse(
        "--average",
        average,
        "--flip or several --scales",
        () -> config.flip() || config.scales().size() > 1);
  }

  /** The given values. */
  public Overlay overlay() {
    boolean none = "none".equals(window);
    return new GivenValues()
        .set("evaluation.size", size)
        .set("evaluation.divisor", divisor)
        .set("evaluation.padded", padded)
        .set("evaluation.scales", scales)
        .set("evaluation.flip", flip)
        .set("evaluation.average", average)
        .set("evaluation.window", none ? "" : window)
        .set("evaluation.stride", none && stride == null ? "" : stride)
        .overlay();
  }
}
