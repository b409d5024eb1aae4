package org.segtrain.cli.texts;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.segtrain.backbones.Backbone;
import org.segtrain.errors.Counted;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.ModelCard;
import org.segtrain.export.Port;
import org.segtrain.images.InputSize;
import org.segtrain.torchscript.Report;

/** An export in lines for people. */
public record ExportText(ModelCard card, Deployment form) {

  /** The model that is exported, its inputs and its outputs. */
  public String model() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s with %s, %s, %s, %s%n"
            .formatted(
                card.model().backbone(),
                card.model().head(),
                Counted.of(card.classes().size(), "class"),
                card.model().origin(),
                card.model().arithmetic()));
    text.append(RecipeText.line("input", input()));
    for (Port output : card.outputs()) {
      text.append(RecipeText.line("output", "%s: %s".formatted(output, output.meaning())));
    }
    text.append(
        RecipeText.line(
            "sizes",
            "any batch, any image of at least %1$d x %1$d".formatted(Backbone.SHORTEST_SIDE)));
    text.append(RecipeText.line("photographs", photographs()));
    return text.toString();
  }

  private String photographs() {
    InputSize size = card.photographs().size();
    StringBuilder text = new StringBuilder(card.photographs().images().toString());
    if (size.shortEdge() > 0) {
      text.append(
          ": short edge %d, long edge at most %d".formatted(size.shortEdge(), size.maxEdge()));
    } else if (card.photographs().trained().isEmpty()) {
      text.append(": own size, since no --crop says at which the model was evaluated");
    } else {
      text.append(": own size, short edge at least %d".formatted(size.minEdge()));
    }
    if (size.multiple() > 1) {
      String way = size.padded() ? "padded" : "resized";
      text.append(", edges %s up to multiples of %d".formatted(way, size.multiple()));
    }
    return text.toString();
  }

  /** The file that was written, and its comparison with the model. */
  public String file(Path file, ExportFormat format, Report report) {
    String size =
        String.format(Locale.ROOT, "%.1f MB, %.1f s", report.bytes() / 1e6, report.seconds());
    return RecipeText.line("file", "%s, %s, %s".formatted(file, format, size))
        + RecipeText.line("compared", "with the model on images of %s".formatted(shapes()))
        + RecipeText.line("", comparison(report));
  }

  private String comparison(Report report) {
    String classes = "equal classes %s %%".formatted(percent(report.equalClasses()));
    boolean hasNumbers = card.outputs().stream().anyMatch(port -> port.type().equals("float32"));
    return hasNumbers
        ? String.format(Locale.ROOT, "largest difference %.2g, %s", report.difference(), classes)
        : classes;
  }

  /** Four decimals, rounded down: only what is all equal is 100. */
  private static String percent(double share) {
    return Numbers.plain(Math.floor(share * 1e6) / 1e4);
  }

  private String input() {
    ModelCard.Input input = card.input();
    String order = input.colours().equals("rgb") ? "red first" : "blue first";
    String values =
        input.mean() == null
            ? "colours 0-255, " + order
            : "(colour - mean) / std, %s; mean %s, std %s"
                .formatted(order, numbers(input.mean()), numbers(input.std()));
    return "%s %s %s: %s".formatted(input.name(), input.type(), input.axes(), values);
  }

  private static String numbers(List<Float> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private String shapes() {
    return form.input().checkedShapes().stream()
        .map(ExportText::shape)
        .collect(Collectors.joining(", "));
  }

  private static String shape(Shape shape) {
    return Arrays.stream(shape.getShape())
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("x"));
  }
}
