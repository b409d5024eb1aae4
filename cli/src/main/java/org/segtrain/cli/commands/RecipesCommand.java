package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.ParameterTable;
import org.segtrain.cli.texts.RecipeText;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.Configuration;
import org.segtrain.errors.UsageException;
import org.segtrain.measure.internal.Blueprint;
import org.segtrain.optim.FineTuning;
import org.segtrain.recipes.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain recipes}: the published trainings; their models are counted, not remembered. */
@Command(
    name = "recipes",
    description = {
      "Lists the published ADE20K trainings, or shows one.",
      "Parameters include auxiliary heads, as published. GMACs: multiply-adds of inference with"
          + " one image, 10^9; papers call them FLOPs."
    })
public final class RecipesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = NameLists.Recipes.class,
      description = "Shows this one (none: lists all).")
  private String name;

  @Option(
      names = "--parameters",
      description = "Shows the factors of each parameter's learning rate and decay.")
  private boolean parameters;

  @Option(names = "--markdown", description = "Print the list as a Markdown table.")
  private boolean markdown;

  @Option(
      names = "--no-flops",
      description = "Leaves out the GMACs, which take seconds for each model.")
  private boolean noFlops;

  @Option(
      names = "--size",
      paramLabel = "HEIGHTxWIDTH",
      defaultValue = "512x512",
      description = "Size of the image for GMACs (${DEFAULT-VALUE}).")
  private String size;

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Recipe recipe = usage.of(() -> name == null ? null : Recipe.of(name));
    ImageSize image = usage.of(this::image);
    PrintWriter out = spec.commandLine().getOut();
    if (recipe == null) {
      Table table = list(image);
      out.print(markdown ? table.markdown() : table.text());
    } else if (parameters) {
      printFactors(recipe, out);
    } else {
      show(recipe, image, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private ImageSize image() {
    ImageSize image = ImageSize.of("--size", size);
    if (image.shortEdge() < Backbone.SHORTEST_SIDE) {
      throw new UsageException(
          "--size must be at least %1$d x %1$d pixels, but is %2$s"
              .formatted(Backbone.SHORTEST_SIDE, size));
    }
    return image;
  }

  private Table list(ImageSize image) {
    List<String> heading = new ArrayList<>(List.of("recipe", "mIoU", "parameters"));
    if (!noFlops) {
      heading.add("GMACs");
    }
    heading.addAll(List.of("crop", "images a step", "steps", "learning rate", "remark"));
    Table table = new Table(heading.toArray(String[]::new));
    for (Recipe recipe : Recipe.values()) {
      table.add(row(recipe, image).toArray(String[]::new));
    }
    return table;
  }

  private List<String> row(Recipe recipe, ImageSize image) {
    List<String> cells = new ArrayList<>(List.of(recipe.toString(), recipe.meanIou()));
    try (Blueprint model = Blueprint.of(recipe)) {
      cells.add(millions(model.parameters()));
      if (!noFlops) {
        cells.add(billions(model.multiplyAdds(image.height(), image.width())));
      }
    }
    Map<String, String> values = Configuration.texts(recipe.config());
    cells.add(values.get("data.crop"));
    cells.add(String.valueOf(recipe.protocol().stepImages()));
    cells.add(values.get("schedule.iterations"));
    cells.add(values.get("optimizer.learningRate"));
    cells.add(recipe.remark());
    return cells;
  }

  private void show(Recipe recipe, ImageSize image, PrintWriter out) {
    out.print(RecipeText.of(recipe).text());
    try (Blueprint model = Blueprint.of(recipe)) {
      long auxiliary = model.auxiliaryParameters();
      String part =
          auxiliary == 0 ? "" : ", auxiliary head %s of them".formatted(millions(auxiliary));
      out.print(RecipeText.line("parameters", millions(model.parameters()) + part));
      if (!noFlops) {
        long multiplyAdds = model.multiplyAdds(image.height(), image.width());
        out.print(
            RecipeText.line(
                "GMACs",
                "%s at %dx%d".formatted(billions(multiplyAdds), image.height(), image.width())));
      }
    }
    out.print(RecipeText.line("backbone", recipe.backbone().source()));
    out.print(RecipeText.line("head", recipe.head().source()));
  }

  private static void printFactors(Recipe recipe, PrintWriter out) {
    try (Blueprint model = Blueprint.of(recipe)) {
      out.print(
          new ParameterTable(recipe.config().optimizer().groups(), FineTuning.NONE)
              .of(model)
              .text());
    }
  }

  private static String millions(long count) {
    return String.format(Locale.ROOT, "%.2f M", count / 1e6);
  }

  private static String billions(long count) {
    return String.format(Locale.ROOT, "%.1f", count / 1e9);
  }
}
