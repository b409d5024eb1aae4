package org.segtrain.optim;

import java.util.List;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.internal.ParameterNames;

/**
 * Frozen parameters, learning rates by depth, and averaged weights.
 *
 * @param freeze regular expressions: a parameter does not learn if one is found in its name
 * @param layerDecay factor of the learning rate from each layer of the backbone to the one before,
 *     above 0 and at most 1; 1 for none
 * @param ema how much of the averaged weights a step keeps, below 1; 0 for no average
 * @param rules factors of rates that come before those of the optimiser's groups
 * @param freezeStatistics whether every batch norm uses its running statistics in training too, and
 *     doesn't update them
 */
public record FineTuning(
    List<String> freeze,
    double layerDecay,
    double ema,
    List<Rule> rules,
    boolean freezeStatistics) {

  /** Everything learns at the rates of its group, and the weights of the last step are kept. */
  public static final FineTuning NONE = new FineTuning(List.of(), 1, 0, List.of());

  /** With batch norms that use the statistics of the batch. */
  public FineTuning(List<String> freeze, double layerDecay, double ema, List<Rule> rules) {
    this(freeze, layerDecay, ema, rules, false);
  }

  public FineTuning {
    freeze = List.copyOf(freeze);
    rules = List.copyOf(rules);
    freeze.forEach(ParameterNames::pattern);
    if (!(layerDecay > 0 && layerDecay <= 1)) {
      throw new UsageException(
          "fineTuning.layerDecay must be above 0 and at most 1, but is " + layerDecay);
    }
    if (!(ema >= 0 && ema < 1)) {
      throw new UsageException("fineTuning.ema must be at least 0 and below 1, but is " + ema);
    }
  }

  /** Whether evaluations use averaged weights. */
  public boolean averages() {
    return ema > 0;
  }

  /** Whether something of a model is frozen. */
  public boolean freezesAny() {
    return freezeStatistics || !freeze.isEmpty();
  }

  /** Whether the parameter of that name does not learn. */
  public boolean freezes(String name) {
    return freeze.stream()
        .anyMatch(pattern -> ParameterNames.pattern(pattern).matcher(name).find());
  }
}
