package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.Configuration;
import org.segtrain.config.DataConfig;
import org.segtrain.config.DataPart;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.RateDecay;
import org.segtrain.optim.internal.AdamW;

/** A configuration in lines, one for each matter. */
public record ConfigText(TrainConfig config) {

  /** A photograph of the usual aspect ratio. */
  public static final PixelSize EXAMPLE = new PixelSize(640, 480);

  /**
   * The lines by their matter, in order: the values of each section, and others that follow from
   * them.
   */
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
    lines.put("training images", trained(EXAMPLE));
    lines.put("evaluations", evaluation());
    return lines;
  }

  /** As {@link Configuration#texts}, but groups and rules in words. */
  public String text(String key, String value) {
    return switch (key) {
      case "data.path" ->
          config.data().parts().isEmpty() ? orNone(value) : "none, since data.parts has several";
      case "data.parts" -> parts(config.data().parts());
      case "optimizer.groups" -> groups(config.optimizer().groups());
      case "fineTuning.rules" -> rules(config.fineTuning().rules());
      default -> orNone(value);
    };
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "none" : value;
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
    return "every %s and at the end: %s"
        .formatted(Counted.of(config.schedule().evalEvery(), "step"), evaluated(EXAMPLE));
  }

  /**
   * The steps of a training image: "480x360 -> 0.5 to 2 times 171x128 -> crop of 128x128". Widths
   * come first.
   */
  public String trained(PixelSize photograph) {
    DataConfig data = config.data();
    boolean fixed = data.minScale() == 1 && data.maxScale() == 1;
    String factors =
        "%s to %s times ".formatted(Numbers.plain(data.minScale()), Numbers.plain(data.maxScale()));
    return "%s -> %s%s -> crop of %dx%d"
        .formatted(
            text(photograph),
            fixed ? "" : factors,
            text(data.images().resized(photograph, data.sizes())),
            data.crop().width(),
            data.crop().height());
  }

  /** The steps of an evaluated image: "480x360 -> 171x128 -> 192x128". Widths come first. */
  public String evaluated(PixelSize photograph) {
    InputSize size = config.inputSize();
    PixelSize scaled = size.scaled(photograph);
    PixelSize whole = size.whole(scaled);
    StringBuilder text = new StringBuilder(text(photograph));
    if (!scaled.equals(photograph)) {
      text.append(" -> ").append(text(scaled));
    }
    if (!whole.equals(scaled)) {
      text.append(size.padded() ? " -> padded to " : " -> ").append(text(whole));
    }
    EvaluationConfig evaluation = config.evaluation();
    evaluation
        .sliding()
        .ifPresent(
            window ->
                text.append(
                    " in windows of %s, %s apart"
                        .formatted(text(window.size()), text(window.stride()))));
    if (!evaluation.scales().equals(List.of(1.0))) {
      text.append(
          evaluation.scales().stream()
              .map(Numbers::plain)
              .collect(Collectors.joining(", ", ", at the scales ", "")));
    }
    text.append(evaluation.flip() ? ", mirrored too" : "");
    boolean isAveraged = evaluation.flip() || evaluation.scales().size() > 1;
    return text.append(isAveraged ? ", mean of " + evaluation.average() : "").toString();
  }

  /** Width first, and one number for a square. */
  private static String text(ImageSize size) {
    return size.width() == size.height()
        ? String.valueOf(size.width())
        : size.width() + "x" + size.height();
  }

  private static String text(PixelSize size) {
    return size.width() + "x" + size.height();
  }
}
