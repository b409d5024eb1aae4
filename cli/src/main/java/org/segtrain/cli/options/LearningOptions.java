package org.segtrain.cli.options;

import org.segtrain.config.Overlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is minimised, and how. */
@Command(optionListHeading = "%nLoss, optimiser and schedule (docs/training.md):%n")
public final class LearningOptions {

  @Option(
      names = "--loss",
      paramLabel = "TERMS",
      description =
          "Sum of weighted terms, such as ce+0.5*lovasz or \"focal(gamma=3)+dice\"; the terms are"
              + " ${bundle:losses} (${bundle:loss.terms}).")
  private String terms;

  @Option(
      names = "--auxiliary-loss",
      paramLabel = "TERMS",
      description = "Loss of the auxiliary heads (that of --loss).")
  private String auxiliary;

  /** What was given. */
  public Overlay overlay() {
    return new GivenValues().set("loss.terms", terms).set("loss.auxiliary", auxiliary).overlay();
  }
}
