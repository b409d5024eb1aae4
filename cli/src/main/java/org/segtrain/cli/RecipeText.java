package org.segtrain.cli;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.config.TrainConfig;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.recipes.Recipe;

/**
 * A recipe in lines: everything that it comes to, and in what that differs from what was published.
 *
 * @param config the recipe's own, or with what the user gives instead
 */
record RecipeText(Recipe recipe, TrainConfig config) {

  private static final String LINE = "  %-11s %s%n";

  /** As it was published. */
  static RecipeText of(Recipe recipe) {
    return new RecipeText(recipe, recipe.config(null));
  }

  /** A line that begins with {@code matter}. */
  static String line(String matter, Object text) {
    return LINE.formatted(matter, text);
  }

  /** The lines. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(line("recipe", published()));
    lines.add(line("step", step()));
    new ConfigText(config).lines().forEach((matter, text) -> lines.add(line(matter, text)));
    instead().forEach(text -> lines.add(line("instead", text)));
    recipe.protocol().differences().forEach(text -> lines.add(line("differs", text)));
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
    int images = config.batch() * config.accumulate();
    String other =
        published % config.batch() == 0
            ? ", but published %d".formatted(published)
            : ", but published %d, which %d does not divide".formatted(published, config.batch());
    return "%d images%s: %d forward passes of %d"
        .formatted(
            images,
            images == published ? ", as published" : other,
            config.accumulate(),
            config.batch());
  }

  /** "iterations 20, not 160000" for each value that is not the recipe's. */
  private List<String> instead() {
    TrainConfig own = recipe.config(config.data()).withWeights(config.weights());
    return Stream.of(TrainConfig.class.getRecordComponents())
        .filter(component -> !value(component, config).equals(value(component, own)))
        .map(
            component ->
                "%s %s, not %s"
                    .formatted(
                        component.getName(), value(component, config), value(component, own)))
        .collect(Collectors.toList());
  }

  private static String value(RecordComponent component, TrainConfig config) {
    try {
      Object value = component.getAccessor().invoke(config);
      if (value instanceof ParameterGroups groups) {
        return ConfigText.groups(groups);
      } else if (value instanceof FineTuning tuning) {
        return ConfigText.tuning(tuning);
      }
      return value == null ? "none" : Defaults.plain(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a component of a public record can be read", e);
    }
  }
}
