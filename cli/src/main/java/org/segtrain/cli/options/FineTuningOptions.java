package org.segtrain.cli.options;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.segtrain.config.Overlay;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.internal.ParameterNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which parameters learn, and how fast; patterns are found in their official names. */
@Command(
    optionListHeading =
        "%nFine-tuning; a PATTERN is a regular expression, found in names of parameters:%n")
public final class FineTuningOptions {

  private static final String LR_MULT = "--lr-mult";
  private static final String DECAY_MULT = "--decay-mult";

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description =
          "These do not learn, such as ^backbone\\.; batch norms of which nothing learns keep their"
              + " statistics. Can be repeated.")
  private List<String> freeze;

  @Option(
      names = LR_MULT,
      paramLabel = "PATTERN=FACTOR",
      description =
          "Multiplies their learning rate, in the place of the recipe's factor; the first that is"
              + " found counts. Can be repeated.")
  private List<String> learningRates = List.of();

  @Option(
      names = DECAY_MULT,
      paramLabel = "PATTERN=FACTOR",
      description = "Likewise their weight decay.")
  private List<String> decays = List.of();

  @Option(
      names = "--layer-decay",
      paramLabel = "FACTOR",
      description =
          "Multiplies the learning rate once more for each layer of the backbone from the heads down"
              + " to the stem (1).")
  private Double layerDecay;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Averages the weights, keeping DECAY of the average in a step, and evaluates and keeps the"
              + " average (0: not; usual is 0.999).")
  private Double ema;

  @Option(
      names = "--parameters",
      description =
          "Shows what each parameter's learning rate and decay would be multiplied by, and ends.")
  public boolean parameters;

  /**
   * What was given.
   *
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Overlay overlay() {
    GivenValues values = new GivenValues();
    values.set("fineTuning.freeze", freeze);
    values.set("fineTuning.layerDecay", layerDecay);
    values.set("fineTuning.ema", ema);
    values.set("fineTuning.rules", rules().isEmpty() ? null : rules());
    return values.overlay();
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
