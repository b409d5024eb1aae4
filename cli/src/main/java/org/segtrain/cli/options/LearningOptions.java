package org.segtrain.cli.options;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.segtrain.cli.texts.Numbers;
import org.segtrain.config.Configuration;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.OptimizerKind;
import org.segtrain.optim.RateDecay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The loss, the optimiser and the schedule. */
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
      description = "Optimiser (${bundle:optimizer.kind}).")
  private String optimizer;

  @Option(
      names = "--momentum",
      paramLabel = "SHARE",
      description = "Momentum of SGD, 0-1 (${bundle:optimizer.momentum}).")
  private Double momentum;

  @Option(
      names = "--nesterov",
      negatable = true,
      description = "Use Nesterov's momentum with SGD (${bundle:optimizer.nesterov}).")
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
      description = "Lowest learning rate of the schedule (${bundle:optimizer.minimumRate}).")
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
      description = "Factor of --schedule step (${bundle:schedule.stepFactor}).")
  private Double stepFactor;

  /**
   * Refuses what has no effect on a run.
   *
   * @param hasAuxiliary whether the model gives auxiliary scores
   * @throws UsageException naming the option, and the one that it needs
   */
  void refuseIdle(TrainConfig config, BooleanSupplier hasAuxiliary) {
    OptimizerKind kind = config.optimizer().kind();
    RateDecay decay = config.schedule().decay();
    Idle.refuse("--auxiliary-loss", auxiliary, "a --head such as upernet", hasAuxiliary);
    Idle.refuse("--momentum", momentum, "--optimizer sgd", () -> kind == OptimizerKind.SGD);
    Idle.refuse("--milestones", milestones, "--schedule step", () -> decay == RateDecay.STEP);
    Idle.refuse("--step-factor", stepFactor, "--schedule step", () -> decay == RateDecay.STEP);
    Idle.refuse(
        "--min-lr",
        minimumRate,
        "another --schedule than constant",
        () -> decay != RateDecay.CONSTANT);
  }

  /**
   * Refuses SGD at the rate that was meant for AdamW.
   *
   * @throws UsageException if nobody gave a rate
   */
  void requireRate(Configuration asked) {
    String origin = asked.origins().get("optimizer.learningRate");
    boolean isUsual = origin.startsWith("data set ") || origin.equals("built in");
    if (asked.config().optimizer().kind() == OptimizerKind.SGD && isUsual) {
      throw new UsageException(
          "--optimizer sgd needs --lr, such as --lr 0.01, since %s is a rate for adamw"
              .formatted(Numbers.plain(asked.config().optimizer().learningRate())));
    }
  }

  /**
   * Refuses another optimiser than that of a run that goes on.
   *
   * @throws UsageException if one was given
   */
  void refuseOther(OptimizerKind begun) {
    if (optimizer != null && !optimizer.equals(begun.toString())) {
      throw new UsageException(
          "--optimizer is %s, but the run has the state of %s; leave it out, or begin another run from its weights with --weights"
              .formatted(optimizer, begun));
    }
  }

  /** The given values. */
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
