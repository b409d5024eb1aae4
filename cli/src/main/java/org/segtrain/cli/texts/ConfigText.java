package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segtrain.config.Configuration;
import org.segtrain.config.DataPart;
import org.segtrain.config.TrainConfig;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.RateDecay;
import org.segtrain.optim.internal.AdamW;

/** What a configuration says, a line for each matter. */
public record ConfigText(TrainConfig config) {

  /** The lines by their matter, in order: each section's values, and what follows from them. */
  public Map<String, String> lines() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    Configuration.texts(config)
        .forEach(
            (key, value) -> {
              int dot = key.indexOf('.');
              String name = key.substring(dot + 1);
              sections
                  .computeIfAbsent(key.substring(0, dot), unused -> new ArrayList<>())
                  .add("%s %s".formatted(name, text(key, value)));
            });
    Map<String, String> lines = new LinkedHashMap<>();
    sections.forEach((section, values) -> lines.put(section, String.join(", ", values)));
    lines.put("steps", schedule());
    lines.put("evaluation", evaluation());
    return lines;
  }

  /** As {@link Configuration#texts}, but groups and rules in words. */
  public String text(String key, String value) {
    return switch (key) {
      case "data.parts" -> parts(config.data().parts());
      case "optimizer.groups" -> groups(config.optimizer().groups());
      case "fineTuning.rules" -> rules(config.fineTuning().rules());
      default -> value.isEmpty() ? "none" : value;
    };
  }

  /** "my/a, my/b x 0.5". */
  private static String parts(List<DataPart> parts) {
    return parts.isEmpty()
        ? "none"
        : parts.stream()
            .map(part -> part.path() + factor("", part.weight()))
            .collect(Collectors.joining(", "));
  }

  /** "everything; norm: decay x 0". */
  private static String groups(ParameterGroups groups) {
    return groups.rules().isEmpty()
        ? groups.decay().toString()
        : "%s; %s".formatted(groups.decay(), rules(groups.rules()));
  }

  /** "norm: decay x 0; head: learning rate x 10". */
  private static String rules(List<Rule> rules) {
    return rules.isEmpty()
        ? "none"
        : rules.stream()
            .map(
                rule ->
                    "%s:%s%s"
                        .formatted(
                            rule.pattern(),
                            factor("learning rate", rule.learningRate()),
                            factor("decay", rule.decay())))
            .collect(Collectors.joining("; "));
  }

  private static String factor(String rate, Double factor) {
    String what = rate.isEmpty() ? "" : rate + " ";
    return factor == null || factor == 1 ? "" : " %sx %s".formatted(what, Numbers.plain(factor));
  }

  private String schedule() {
    String warmup =
        config.schedule().warmup() == 0
            ? "no warm-up"
            : "%s over %d%s"
                .formatted(
                    config.schedule().decay() == RateDecay.ONECYCLE ? "rise" : "linear warm-up",
                    config.schedule().warmup(),
                    config.schedule().warmup() < config.schedule().iterations()
                        ? ""
                        : ", which the run does not leave");
    return "%d of %s; %s".formatted(config.schedule().iterations(), optimizer(), warmup);
  }

  /** "AdamW with betas 0.9 and 0.999". */
  private String optimizer() {
    return switch (config.optimizer().kind()) {
      case ADAMW -> "AdamW with betas %s and %s".formatted(AdamW.BETA1, AdamW.BETA2);
      case SGD ->
          "SGD with %s momentum %s"
              .formatted(
                  config.optimizer().nesterov() ? "Nesterov's" : "the",
                  Numbers.plain(config.optimizer().momentum()));
    };
  }

  private String evaluation() {
    return "every %d steps and at the end, whole images at one scale: %s"
        .formatted(config.schedule().evalEvery(), sizes());
  }

  /** "short edge 512, long edge up to 2048", which photographs get in evaluation. */
  public String sizes() {
    int size = config.data().crop();
    return switch (config.data().images()) {
      case ALIGNED ->
          "short edge %d, long edge up to %d, both rounded up to multiples of 32"
              .formatted(size, 4 * size);
      case EXACT -> "short edge %d, long edge up to %d".formatted(size, 4 * size);
      case HRFORMER ->
          "their own size, but a short edge of at least %d, padded to multiples of 8"
              .formatted(size);
    };
  }
}
