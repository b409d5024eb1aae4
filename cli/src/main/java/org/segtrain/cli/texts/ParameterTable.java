package org.segtrain.cli.texts;

import ai.djl.ndarray.types.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import org.segtrain.measure.internal.Blueprint;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterFactors;

/** The factors of the rates of each parameter of a model. */
public record ParameterTable(ParameterFactors factors, FineTuning tuning) {

  private static final String FROZEN = "frozen";

  /** A row for each parameter that can learn. */
  public Table of(Blueprint model) {
    Table table = new Table("parameter", "shape", "learning rate x", "decay x");
    for (Map.Entry<String, Shape> entry : model.shapes().entrySet()) {
      String name = entry.getKey();
      var own = factors.factors(name, entry.getValue());
      boolean frozen = tuning.freezes(name);
      table.add(
          name,
          entry.getValue().toString(),
          frozen ? FROZEN : rounded(own.learningRate()),
          frozen ? FROZEN : rounded(own.decay()));
    }
    return table;
  }

  /** Six digits, which say more of a rate than it decides. */
  private static String rounded(double factor) {
    return Numbers.plain(new BigDecimal(factor).round(new MathContext(6)));
  }
}
