package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.config.Configuration;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.recipes.Recipe;

/**
 * A recipe in lines: all its values, and their differences from the published ones.
 *
 * @param config the recipe's own, or with values that the user gives instead
 */
public record RecipeText(Recipe recipe, TrainConfig config) {

  /** Values that no publication has. */
  private static final Set<String> OWN =
      Set.of(
          "data.path",
          "data.parts",
          "schedule.processes",
          "run.threads",
          "run.saveMinutes",
          "run.keep",
          "run.patience",
          "run.recompute",
          "run.syncBatchNorm",
          "weights.file",
          "weights.part");

  private static final String LINE = "  %-11s %s%n";

  /** As it was published. */
  public static RecipeText of(Recipe recipe) {
    return new RecipeText(recipe, recipe.config());
  }

  /** A line that begins with {@code matter}. */
  public static String line(String matter, Object text) {
    return LINE.formatted(matter, text);
  }

  /** The lines. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(line("recipe", published()));
    lines.add(line("step", step()));
    new ConfigText(config).lines().forEach((matter, text) -> lines.add(line(matter, text)));
    instead().forEach(text -> lines.add(line("instead", text)));
    OptionNames options = new OptionNames(Set.of("--weights"));
    recipe.protocol().differences().forEach(text -> lines.add(line("differs", options.in(text))));
    return String.join("", lines);
  }

  /** "hrvit_b1_segformer_ade20k, mIoU 45.88; code https://...". */
  private String published() {
    String remark = recipe.remark().isEmpty() ? "" : " (%s)".formatted(recipe.remark());
    return "%s, published mIoU %s%s; code %s"
        .formatted(recipe, recipe.meanIou(), remark, recipe.protocol().code());
  }

  /** "16 images, as published: 8 forward passes of 2". */
  private String step() {
    int published = recipe.protocol().stepImages();
    int images = config.schedule().stepImages();
    String other =
        published % config.schedule().batch() == 0
            ? ", but published %d".formatted(published)
            : ", but published %d, which %d does not divide"
                .formatted(published, config.schedule().batch());
    return "%s%s: %s of %d"
        .formatted(
            Counted.of(images, "image"),
            images == published ? ", as published" : other,
            Counted.of(config.schedule().passes(), "forward pass"),
            config.schedule().batch());
  }

  /** "schedule.iterations 20, not 160000" for each value that is not the recipe's. */
  private List<String> instead() {
    TrainConfig published = recipe.config();
    Map<String, String> own = Configuration.texts(published);
    List<String> lines = new ArrayList<>();
    Configuration.texts(config)
        .forEach(
            (key, value) -> {
              if (!OWN.contains(key) && !value.equals(own.get(key))) {
                lines.add(
                    "%s %s, not %s"
                        .formatted(
                            key,
                            new ConfigText(config).text(key, value),
                            new ConfigText(published).text(key, own.get(key))));
              }
            });
    return lines;
  }
}
