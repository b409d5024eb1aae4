package org.segtrain.optim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.segtrain.config.TrainConfig;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.names.Choice;

/**
 * The names of a model's parameters, to check patterns against that users write.
 *
 * @param known every name
 * @param learned those of what can learn
 */
public record ParameterNames(List<String> known, List<String> learned) {

  private static final int NEAR = 3;
  private static final int CLASSES = 2; // any number: names do not depend on it
  private static final Pattern SYNTAX = Pattern.compile("\\\\.|[\\^$*+?()\\[\\]{}|]");

  public ParameterNames {
    known = List.copyOf(known);
    learned = List.copyOf(learned);
  }

  /** Those of the model of {@code config}; its arrays are not made. */
  public static ParameterNames of(TrainConfig config) {
    return of(
        SegmentationModel.builder()
            .setBackbone(config.backbone())
            .setHead(config.head())
            .setClasses(CLASSES)
            .build());
  }

  public static ParameterNames of(SegmentationModel model) {
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
   * @throws IllegalArgumentException if it is no regular expression, in one line
   */
  static Pattern pattern(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s is no regular expression: %s at character %d"
              .formatted(pattern, e.getDescription().toLowerCase(Locale.ROOT), e.getIndex() + 1),
          e);
    }
  }

  /**
   * Does nothing if {@code pattern} is found in the name of a parameter that can learn.
   *
   * @param option that gives the pattern, as users write it
   * @throws IllegalArgumentException if it is found in none, with the names most like it
   */
  public void requireMatch(String option, String pattern) {
    if (learned.stream().noneMatch(pattern(pattern).asPredicate())) {
      throw new IllegalArgumentException(
          "%s %s is found in none of the %d names of parameters; near it are %s"
              .formatted(option, pattern, learned.size(), String.join(", ", near(pattern))));
    }
  }

  /**
   * Does nothing if each of the patterns freezes something and something still learns.
   *
   * @throws IllegalArgumentException saying which pattern is to be changed
   */
  public void check(FineTuning tuning) {
    tuning.freeze().forEach(pattern -> requireMatch("--freeze", pattern));
    if (learned.stream().allMatch(tuning::freezes)) {
      throw new IllegalArgumentException(
          "--freeze %s freezes all %d arrays, so that nothing learns; leave out some, for instance %s"
              .formatted(
                  String.join(" --freeze ", tuning.freeze()),
                  learned.size(),
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
