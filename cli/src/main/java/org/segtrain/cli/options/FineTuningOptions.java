package org.segtrain.cli.options;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.internal.ParameterNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which parameters learn, and how fast; patterns are found in their official names. */
@Command(
    optionListHeading =
        "%nFine-tuning; PATTERN is a regular expression that finds names of parameters:%n")
public final class FineTuningOptions {

  private static final String LR_MULT = "--lr-mult";
  private static final String DECAY_MULT = "--decay-mult";

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description =
          "Freeze these parameters, such as ^backbone\\.; a batch norm that is frozen doesn't update its"
              + " running statistics. Repeatable.")
  private List<String> freeze;

  @Option(
      names = "--freeze-statistics",
      negatable = true,
      description =
          "Let every batch norm use its running statistics in training too, and not update them"
              + " (${bundle:fineTuning.freezeStatistics}).")
  private Boolean freezeStatistics;

  @Option(
      names = LR_MULT,
      paramLabel = "PATTERN=FACTOR",
      description =
          "Multiply the learning rate of these parameters, instead of the recipe's factor; the first"
              + " match counts. Repeatable.")
  private List<String> learningRates = List.of();

  @Option(
      names = DECAY_MULT,
      paramLabel = "PATTERN=FACTOR",
      description = "Multiply their weight decay likewise.")
  private List<String> decays = List.of();

  @Option(
      names = "--layer-decay",
      paramLabel = "FACTOR",
      description =
          "Multiply the learning rate by FACTOR for each layer of the backbone, from the heads down to"
              + " the stem (default 1, off).")
  private Double layerDecay;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Keep an exponential moving average of the weights; evaluate and save that (default 0, off;"
              + " 0.999 is usual).")
  private Double ema;

  @Option(
      names = "--parameters",
      description =
          "Print the factors of each parameter's learning rate and weight decay, and exit.")
  public boolean parameters;

  /**
   * The given values.
   *
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Overlay overlay() {
    GivenValues values = new GivenValues();
    values.set("fineTuning.freeze", freeze);
    values.set("fineTuning.freezeStatistics", freezeStatistics);
    values.set("fineTuning.layerDecay", layerDecay);
    values.set("fineTuning.ema", ema);
    values.set("fineTuning.rules", rules().isEmpty() ? null : rules());
    return values.overlay();
  }

  /**
   * Refuses what has no effect on a run.
   *
   * @throws UsageException naming the option, and the one that it needs
   */
  void refuseIdle(TrainConfig config) {
    Object given = decays.isEmpty() ? null : decays;
    boolean fades = config.optimizer().weightDecay() > 0;
    Idle.refuse(DECAY_MULT, given, "--weight-decay above 0", () -> fades);
  }

  /**
   * Checks the patterns of a run.
   *
   * @param names of its model's parameters
   * @throws UsageException if a pattern is found in none, or nothing would learn
   */
  public void check(FineTuning tuning, ParameterNames names) {
    names.check(tuning);
    for (Rule rule : rules()) {
      String option = rule.decay() == null ? LR_MULT : DECAY_MULT;
      names.requireMatch(option, rule.pattern());
    }
  }

  private List<Rule> rules() {
    Stream<Rule> rates =
        learningRates.stream()
            .map(
                given ->
                    rule(LR_MULT, given, (pattern, factor) -> new Rule(pattern, factor, null)));
    Stream<Rule> others =
        decays.stream()
            .map(
                given ->
                    rule(DECAY_MULT, given, (pattern, factor) -> new Rule(pattern, null, factor)));
    return Stream.concat(rates, others).toList();
  }

  private static Rule rule(String option, String given, BiFunction<String, Double, Rule> rule) {
    int equals = given.lastIndexOf('=');
    try {
      return rule.apply(given.substring(0, equals), Double.valueOf(given.substring(equals + 1)));
    } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
      throw new UsageException(
          "%s must be PATTERN=FACTOR, as in ^backbone=0.1, but is \"%s\"".formatted(option, given),
          e);
    }
  }
}
