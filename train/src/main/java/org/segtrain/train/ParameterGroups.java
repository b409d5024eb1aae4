package org.segtrain.train;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which parameters learn faster and which do not decay.
 *
 * @param decay what decays if no rule says otherwise
 * @param rules the first whose pattern is found in a parameter's name decides
 */
public record ParameterGroups(Decay decay, List<Rule> rules) {

  /** Matrices decay, and there are no rules. */
  public static final ParameterGroups STANDARD = new ParameterGroups(Decay.MATRICES, List.of());

  private static final Pattern POSITIONS = Pattern.compile("pos_embed|relative_position");

  /** What decays. */
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
   * @param learningRate factor of the learning rate
   * @param decay factor of the weight decay, of what would decay without the rule
   */
  public record Rule(String pattern, double learningRate, double decay) {
    public Rule {
      Pattern.compile(pattern);
    }
  }

  /**
   * What the rates of one parameter are multiplied by.
   *
   * @param learningRate factor of the learning rate
   * @param decay factor of the weight decay
   */
  public record Factors(double learningRate, double decay) {}

  public ParameterGroups {
    rules = List.copyOf(rules);
  }

  /** The factors of the parameter of that name and shape. */
  public Factors factors(String name, Shape shape) {
    double decayed = decay.includes(name, shape) ? 1 : 0;
    return rules.stream()
        .filter(rule -> Pattern.compile(rule.pattern()).matcher(name).find())
        .findFirst()
        .map(rule -> new Factors(rule.learningRate(), rule.decay() * decayed))
        .orElse(new Factors(1, decayed));
  }
}
