package org.segtrain.optim.internal;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.nn.BatchNorm;
import org.segtrain.optim.FineTuning;

/**
 * The part of a model that does not learn, counted without statistics and constants.
 *
 * @param arrays that are frozen
 * @param allArrays that could learn
 * @param numbers in the frozen arrays
 * @param allNumbers in all
 * @param norms batch norms whose statistics are frozen
 */
public record Freezing(int arrays, int allArrays, long numbers, long allNumbers, int norms) {

  /**
   * Freezes what {@code tuning} says. No gradient is computed for frozen parameters, and none
   * before the first that learns. A batch norm with frozen scales and offsets uses its running
   * statistics and doesn't update them; so does every one if {@code tuning} says so. Dropout and
   * stochastic depth act in frozen blocks as in others.
   *
   * @throws UsageException if a pattern freezes nothing, nothing would learn, or statistics are to
   *     be frozen where there are none
   */
  public static Freezing apply(FineTuning tuning, Block model) {
    ParameterNames.of(model).check(tuning);
    Map<String, Parameter> parameters = StateDict.of(model);
    List<String> learned =
        parameters.keySet().stream()
            .filter(name -> parameters.get(name).requiresGradient())
            .toList();
    List<Parameter> all = learned.stream().map(parameters::get).toList();
    List<Parameter> frozen = learned.stream().filter(tuning::freezes).map(parameters::get).toList();
    frozen.forEach(parameter -> parameter.freeze(true));
    int norms = freezeStatistics(tuning, model);
    return new Freezing(frozen.size(), all.size(), numbers(frozen), numbers(all), norms);
  }

  /** Counts those that are frozen. */
  private static int freezeStatistics(FineTuning tuning, Block model) {
    int frozen = 0;
    for (Block block : StateDict.blocks(model).values()) {
      if (block instanceof BatchNorm norm) {
        boolean freeze =
            tuning.freezeStatistics()
                || norm.getDirectParameters().values().stream()
                    .noneMatch(Parameter::requiresGradient);
        norm.freezeStatistics(freeze);
        frozen += freeze ? 1 : 0;
      }
    }
    if (tuning.freezeStatistics() && frozen == 0) {
      throw new UsageException(
          "fineTuning.freezeStatistics is true, but the model has no batch norm; leave it false");
    }
    return frozen;
  }

  private static long numbers(Collection<Parameter> parameters) {
    return parameters.stream().mapToLong(parameter -> parameter.getArray().size()).sum();
  }

  /** "froze 214 of 230 arrays, 23.9 of 28.2 M parameters, and the statistics of 1 batch norms". */
  @Override
  public String toString() {
    if (arrays == 0) {
      return "froze the statistics of " + Counted.of(norms, "batch norm");
    }
    return String.format(
        Locale.ROOT,
        "froze %d of %s, %.1f of %.1f M parameters, and the statistics of %s",
        arrays,
        Counted.of(allArrays, "array"),
        numbers / 1e6,
        allNumbers / 1e6,
        Counted.of(norms, "batch norm"));
  }
}
