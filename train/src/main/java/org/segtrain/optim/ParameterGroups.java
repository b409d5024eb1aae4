package org.segtrain.optim;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.internal.ParameterNames;

/**
 * Which parameters learn faster and which do not decay.
 *
 * @param decay what decays if no rule says otherwise
 * @param rules for each of the two rates, the first that has a factor of it and whose pattern is
 *     found in a parameter's name decides
 */
public record ParameterGroups(Decay decay, List<Rule> rules) implements ParameterFactors {

  /** Matrices decay, and there are no rules. */
  public static final ParameterGroups STANDARD = new ParameterGroups(Decay.MATRICES, List.of());

  private static final Pattern POSITIONS = Pattern.compile("pos_embed|relative_position");

  /** The parameters that decay. */
  public enum Decay {
    /** Arrays of two or more axes that are not embeddings of positions. */
    MATRICES,
    /** Everything that learns. */
    EVERYTHING;

    private boolean includes(String name, Shape shape) {
      return this == EVERYTHING || (shape.dimension() >= 2 && !POSITIONS.matcher(name).find());
    }

    /** The name at every border, {@code matrices}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Factors for the parameters whose name contains a match of {@code pattern}.
   *
   * @param pattern a regular expression, such as {@code ^decode_head\.}
   * @param learningRate factor of the learning rate, or null to leave it to the rules behind
   * @param decay factor of the weight decay, of what would decay without the rule, or null likewise
   */
  public record Rule(String pattern, Double learningRate, Double decay) {

    private static final int HIGHEST = 1000;

    public Rule {
      ParameterNames.pattern(pattern);
      requireFactor(pattern, learningRate);
      requireFactor(pattern, decay);
    }

    /** A rule that has both factors. */
    public Rule(String pattern, double learningRate, double decay) {
      this(pattern, Double.valueOf(learningRate), Double.valueOf(decay));
    }

    private static void requireFactor(String pattern, Double factor) {
      if (factor != null && !(factor >= 0 && factor <= HIGHEST)) {
        throw new UsageException(
            "the factor of %s must be a number from 0 to %d, but is %s"
                .formatted(pattern, HIGHEST, factor));
      }
    }

    private boolean isFoundIn(String name) {
      return ParameterNames.pattern(pattern).matcher(name).find();
    }
  }

  /**
   * The factors of the rates of one parameter.
   *
   * @param learningRate factor of the learning rate
   * @param decay factor of the weight decay
   */
  public record Factors(double learningRate, double decay) {}

  public ParameterGroups {
    rules = List.copyOf(rules);
  }

  /** With {@code first} before the other rules, each once. */
  public ParameterGroups before(List<Rule> first) {
    return new ParameterGroups(
        decay, Stream.concat(first.stream(), rules.stream()).distinct().toList());
  }

  @Override
  public Factors factors(String name, Shape shape) {
    double decayed = decay.includes(name, shape) ? 1 : 0;
    return new Factors(factor(name, Rule::learningRate), factor(name, Rule::decay) * decayed);
  }

  private double factor(String name, Function<Rule, Double> rate) {
    return rules.stream()
        .filter(rule -> rate.apply(rule) != null && rule.isFoundIn(name))
        .findFirst()
        .map(rate)
        .orElse(1.0);
  }
}
