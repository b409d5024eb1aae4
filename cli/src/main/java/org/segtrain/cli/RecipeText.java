package org.segtrain.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.segtrain.recipes.Accumulation;
import org.segtrain.recipes.Recipe;
import org.segtrain.train.AdamW;
import org.segtrain.train.LossMean;
import org.segtrain.train.ParameterGroups;
import org.segtrain.train.TrainConfig;

/**
 * A recipe in lines: everything that it comes to, and in what that differs from what was published.
 *
 * @param config the recipe's own, or with what the user gives instead
 */
record RecipeText(Recipe recipe, TrainConfig config) {

  /** As it was published. */
  static RecipeText of(Recipe recipe) {
    return new RecipeText(recipe, recipe.config(null));
  }

  /** The lines, each under a word in front. */
  String text() {
    List<String> lines = new ArrayList<>();
    add(lines, "recipe", recipe + ": " + published());
    add(lines, "model", model());
    add(lines, "images", images());
    add(lines, "step", step());
    add(lines, "optimiser", optimiser());
    add(lines, "rates", rates());
    add(lines, "schedule", schedule());
    add(lines, "loss", loss());
    add(lines, "evaluation", evaluation());
    instead().forEach(line -> add(lines, "instead", line));
    recipe.protocol().differences().forEach(line -> add(lines, "differs", line));
    return lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
  }

  private static void add(List<String> lines, String word, String line) {
    lines.add("  %-11s %s".formatted(word, line));
  }

  /** "45.88 mIoU at a single scale". */
  private String published() {
    String remark = recipe.remark().isEmpty() ? "" : " (" + recipe.remark() + ")";
    return "%s mIoU published%s; %s".formatted(meanIou(recipe), remark, recipe.protocol().code());
  }

  /** "45.88". */
  static String meanIou(Recipe recipe) {
    return Defaults.plain(recipe.meanIou());
  }

  private String model() {
    return "%s with %s; drop path %s, dropout %s; %s"
        .formatted(
            config.backbone(),
            config.head(),
            config.dropPath(),
            config.dropout(),
            config.precision());
  }

  private String images() {
    return "%s; crops of %d, scales %s-%s, %s rules%s"
        .formatted(
            config.dataset(),
            config.crop(),
            Defaults.plain(config.minScale()),
            Defaults.plain(config.maxScale()),
            config.images(),
            config.photometric() ? ", colours changed" : "");
  }

  private String step() {
    int images = config.batch() * config.accumulate();
    Accumulation published = new Accumulation(recipe.protocol().stepImages(), config.batch());
    String why =
        images == published.published()
            ? "as published"
            : published.published() % config.batch() == 0
                ? "published with %d".formatted(published.published())
                : "published with %d, which %d does not divide"
                    .formatted(published.published(), config.batch());
    return "%d images = %d forward passes of %d; %s"
        .formatted(images, config.accumulate(), config.batch(), why);
  }

  private String optimiser() {
    return "AdamW, betas %s and %s; gradients %s"
        .formatted(
            AdamW.BETA1,
            AdamW.BETA2,
            Double.isInfinite(config.clip())
                ? "not clipped"
                : "clipped to norm " + Defaults.plain(config.clip()));
  }

  private String rates() {
    ParameterGroups groups = config.groups();
    String rules =
        groups.rules().stream()
            .map(
                rule ->
                    "; names with %s: learning rate x %s, decay x %s"
                        .formatted(
                            rule.pattern(),
                            Defaults.plain(rule.learningRate()),
                            Defaults.plain(rule.decay())))
            .collect(Collectors.joining());
    return "learning rate %s; weight decay %s of %s%s"
        .formatted(
            Defaults.plain(config.learningRate()),
            Defaults.plain(config.weightDecay()),
            groups.decay(),
            rules);
  }

  private String schedule() {
    String warmup =
        config.warmup() == 0 ? "no warm-up" : "linear warm-up over %d".formatted(config.warmup());
    String longer = config.warmup() >= config.iterations() ? ", which the run does not leave" : "";
    return "%d steps: %s%s, decay to the power %s"
        .formatted(config.iterations(), warmup, longer, Defaults.plain(config.power()));
  }

  private String loss() {
    String pixels = config.lossMean() == LossMean.HARD ? "hard" : config.lossMean().toString();
    return "cross-entropy, mean over %s pixels".formatted(pixels);
  }

  private String evaluation() {
    return "every %d steps, at a single scale, whole images; ".formatted(config.evalEvery())
        + switch (config.images()) {
          case ALIGNED ->
              "short edge %d, long edge at most %d, both rounded up to multiples of 32"
                  .formatted(config.crop(), 4 * config.crop());
          case EXACT ->
              "short edge %d, long edge at most %d".formatted(config.crop(), 4 * config.crop());
          case HRFORMER ->
              "their own size, short edge at least %d, padded to multiples of 8"
                  .formatted(config.crop());
        };
  }

  /** "iterations 20, not 160000". */
  private List<String> instead() {
    TrainConfig own = recipe.config(config.data());
    return List.of(TrainConfig.class.getRecordComponents()).stream()
        .filter(component -> !Objects.equals(value(component, own), value(component, config)))
        .map(
            component ->
                "%s %s, not %s"
                    .formatted(
                        component.getName(), value(component, config), value(component, own)))
        .toList();
  }

  private static Object value(RecordComponent component, TrainConfig of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
