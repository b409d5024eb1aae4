package org.segtrain.optim.internal;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.BatchNorm;
import org.segtrain.optim.FineTuning;

/**
 * What of a model does not learn, counted without statistics and constants.
 *
 * @param arrays that are frozen
 * @param allArrays that could learn
 * @param numbers in the frozen arrays
 * @param allNumbers in all
 */
public record Freezing(int arrays, int allArrays, long numbers, long allNumbers) {

  /**
   * Freezes what {@code tuning} says. No gradient is computed for frozen parameters, and none for
   * what lies before the first that learns. A batch norm whose scales and offsets are both frozen
   * normalises with its running statistics and leaves them alone; dropout and stochastic depth act
   * in frozen blocks as in others.
   *
   * @throws org.segtrain.errors.UsageException if a pattern freezes nothing, or nothing would learn
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
    for (Block block : StateDict.blocks(model).values()) {
      if (block instanceof BatchNorm norm) {
        norm.freezeStatistics(
            norm.getDirectParameters().values().stream().noneMatch(Parameter::requiresGradient));
      }
    }
    return new Freezing(frozen.size(), all.size(), numbers(frozen), numbers(all));
  }

  private static long numbers(Collection<Parameter> parameters) {
    return parameters.stream().mapToLong(parameter -> parameter.getArray().size()).sum();
  }

  /** "froze 214 of 230 arrays, 23.9 of 28.2 M parameters". */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "froze %d of %d arrays, %.1f of %.1f M parameters",
        arrays,
        allArrays,
        numbers / 1e6,
        allNumbers / 1e6);
  }
}
