package org.segtrain.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segtrain.config.TrainConfig;
import org.segtrain.loss.LossMean;
import org.segtrain.optim.AdamW;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups;

/** What a configuration says, a line for each matter. */
record ConfigText(TrainConfig config) {

  /** The lines by their matter, in order. */
  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("model", model());
    lines.put("images", images());
    lines.put("optimiser", optimiser());
    lines.put("rates", rates());
    lines.put("tuning", tuning(config.fineTuning()));
    lines.put("schedule", schedule());
    lines.put("loss", loss());
    lines.put("evaluation", evaluation());
    return lines;
  }

  private String model() {
    return "%s with %s, drop path %s, dropout %s; %s"
        .formatted(
            config.backbone(),
            config.head(),
            config.dropPath(),
            config.dropout(),
            config.precision());
  }

  private String images() {
    return "%s; crops of %d, scales %s-%s%s; %s"
        .formatted(
            config.dataset(),
            config.crop(),
            Defaults.plain(config.minScale()),
            Defaults.plain(config.maxScale()),
            config.photometric() ? ", colours changed" : "",
            config.images());
  }

  private String optimiser() {
    String clip =
        Double.isInfinite(config.clip())
            ? "not clipped"
            : "clipped to norm " + Defaults.plain(config.clip());
    return "AdamW, betas %s and %s; gradients %s".formatted(AdamW.BETA1, AdamW.BETA2, clip);
  }

  private String rates() {
    return "learning rate %s; weight decay %s of %s"
        .formatted(
            Defaults.plain(config.learningRate()),
            Defaults.plain(config.weightDecay()),
            groups(config.groups()));
  }

  /** "everything; norm: decay x 0". */
  static String groups(ParameterGroups groups) {
    return groups.rules().stream()
        .map(
            rule ->
                "; %s:%s%s"
                    .formatted(
                        rule.pattern(),
                        factor("learning rate", rule.learningRate()),
                        factor("decay", rule.decay())))
        .collect(Collectors.joining("", groups.decay().toString(), ""));
  }

  private static String factor(String rate, Double factor) {
    return factor == null || factor == 1 ? "" : " %s x %s".formatted(rate, Defaults.plain(factor));
  }

  /** "^backbone frozen; learning rate x 0.75 from layer to layer; weights averaged, 0.999 kept". */
  static String tuning(FineTuning tuning) {
    List<String> parts = new ArrayList<>();
    tuning.freeze().forEach(pattern -> parts.add(pattern + " frozen"));
    if (tuning.layerDecay() != 1) {
      parts.add(
          "learning rate x %s from layer to layer".formatted(Defaults.plain(tuning.layerDecay())));
    }
    if (tuning.averages()) {
      parts.add("weights averaged, %s kept".formatted(Defaults.plain(tuning.ema())));
    }
    return parts.isEmpty() ? "none" : String.join("; ", parts);
  }

  private String schedule() {
    String warmup =
        config.warmup() == 0
            ? "no warm-up"
            : "linear warm-up over %d%s"
                .formatted(
                    config.warmup(),
                    config.warmup() < config.iterations() ? "" : ", which the run does not leave");
    return "%d steps; %s; decay to the power %s"
        .formatted(config.iterations(), warmup, Defaults.plain(config.power()));
  }

  private String loss() {
    return "cross-entropy, mean over %s pixels%s"
        .formatted(
            config.lossMean(),
            config.lossMean() == LossMean.HARD ? ", of auxiliary scores over valid ones" : "");
  }

  private String evaluation() {
    int size = config.crop();
    String sizes =
        switch (config.images()) {
          case ALIGNED ->
              "short edge %d, long edge up to %d, both rounded up to multiples of 32"
                  .formatted(size, 4 * size);
          case EXACT -> "short edge %d, long edge up to %d".formatted(size, 4 * size);
          case HRFORMER ->
              "their own size, but a short edge of at least %d, padded to multiples of 8"
                  .formatted(size);
        };
    return "every %d steps and at the end, whole images at one scale: %s"
        .formatted(config.evalEvery(), sizes);
  }
}
