package org.segtrain.cli.options;

import java.util.List;
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

  @Option(
      names = "--optimizer",
      paramLabel = "adamw|sgd",
      completionCandidates = NameLists.Optimizers.class,
      description = "How gradients become steps (${bundle:optimizer.kind}).")
  private String optimizer;

  @Option(
      names = "--momentum",
      paramLabel = "SHARE",
      description = "Momentum of SGD, 0-1 (${bundle:optimizer.momentum}).")
  private Double momentum;

  @Option(
      names = "--nesterov",
      negatable = true,
      description = "Take Nesterov's momentum with SGD (${bundle:optimizer.nesterov}).")
  private Boolean nesterov;

  @Option(
      names = "--schedule",
      paramLabel = "poly|cosine|step|constant|onecycle",
      completionCandidates = NameLists.Schedules.class,
      description =
          "How the learning rate falls after the warm-up; onecycle rises over the steps of --warmup"
              + " (${bundle:schedule.decay}).")
  private String schedule;

  @Option(
      names = "--min-lr",
      paramLabel = "RATE",
      description = "Learning rate to which it falls (${bundle:optimizer.minimumRate}).")
  private Double minimumRate;

  @Option(
      names = "--milestones",
      paramLabel = "N",
      split = ",",
      description = "Steps at which --schedule step multiplies the learning rate.")
  private List<Integer> milestones;

  @Option(
      names = "--step-factor",
      paramLabel = "FACTOR",
      description = "By what it multiplies it (${bundle:schedule.stepFactor}).")
  private Double stepFactor;

  /** What was given. */
  public Overlay overlay() {
    return new GivenValues()
        .set("loss.terms", terms)
        .set("loss.auxiliary", auxiliary)
        .set("optimizer.kind", optimizer)
        .set("optimizer.momentum", momentum)
        .set("optimizer.nesterov", nesterov)
        .set("optimizer.minimumRate", minimumRate)
        .set("schedule.decay", schedule)
        .set("schedule.milestones", milestones)
        .set("schedule.stepFactor", stepFactor)
        .overlay();
  }
}
