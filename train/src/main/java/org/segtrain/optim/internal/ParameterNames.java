package org.segtrain.optim.internal;

import ai.djl.nn.Block;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;
import org.segtrain.optim.FineTuning;

/**
 * The names of a model's parameters, against which patterns of users are checked.
 *
 * @param known every name
 * @param learned those of what can learn
 */
public record ParameterNames(List<String> known, List<String> learned) {

  private static final int NEAR = 3;
  private static final Pattern SYNTAX = Pattern.compile("\\\\.|[\\^$*+?()\\[\\]{}|]");

  public ParameterNames {
    known = List.copyOf(known);
    learned = List.copyOf(learned);
  }

  /** Those of {@code model}, whose arrays need not be made. */
  public static ParameterNames of(Block model) {
    var parameters = StateDict.of(model);
    return new ParameterNames(
        List.copyOf(parameters.keySet()),
        parameters.entrySet().stream()
            .filter(entry -> entry.getValue().requiresGradient())
            .map(entry -> entry.getKey())
            .toList());
  }

  /**
   * Compiles what is found in names.
   *
   * @throws org.segtrain.errors.UsageException if it is no regular expression, in one line
   */
  public static Pattern pattern(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "%s is no regular expression: %s at character %d"
              .formatted(pattern, e.getDescription().toLowerCase(Locale.ROOT), e.getIndex() + 1),
          e);
    }
  }

  /**
   * Does nothing if {@code pattern} is found in the name of a parameter that can learn.
   *
   * @param key that the pattern is a value of
   * @throws org.segtrain.errors.UsageException if it is found in none, with the names most like it
   */
  public void requireMatch(String key, String pattern) {
    if (learned.stream().noneMatch(pattern(pattern).asPredicate())) {
      throw new UsageException(
          "%s %s is found in none of the %d names of parameters; near it are %s"
              .formatted(key, pattern, learned.size(), String.join(", ", near(pattern))));
    }
  }

  /**
   * Does nothing if each of the patterns freezes something and something still learns.
   *
   * @throws org.segtrain.errors.UsageException saying which pattern is to be changed
   */
  public void check(FineTuning tuning) {
    tuning.freeze().forEach(pattern -> requireMatch("fineTuning.freeze", pattern));
    if (learned.stream().allMatch(tuning::freezes)) {
      throw new UsageException(
          "fineTuning.freeze %s freezes all %s, so that nothing learns; leave out some, for instance %s"
              .formatted(
                  String.join(", ", tuning.freeze()),
                  Counted.of(learned.size(), "array"),
                  learned.get(learned.size() - 1)));
    }
  }

  /** Names, or what they begin with, that the pattern without its syntax is most like. */
  private List<String> near(String pattern) {
    Set<String> beginnings = new LinkedHashSet<>();
    for (String name : learned) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        beginnings.add(name.substring(0, dot));
      }
      beginnings.add(name);
    }
    String plain = SYNTAX.matcher(pattern.replace("\\.", ".")).replaceAll("");
    return new Choice("parameter", List.copyOf(beginnings)).near(plain, NEAR);
  }
}
