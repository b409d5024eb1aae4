package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segtrain.cli.texts.Table;
import org.segtrain.errors.Counted;
import org.segtrain.inference.TrainedModel;
import org.segtrain.measure.internal.Memory;
import org.segtrain.weights.Inspection;
import org.segtrain.weights.Likeness;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain weights inspect}: the arrays of a file, and the model that they are like. */
@Command(
    name = "inspect",
    description =
        "Lists the contents of a file of weights, and the published model that it is like.")
final class WeightsInspectCommand implements Callable<Integer> {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "PyTorch, TorchScript or safetensors, or the folder of a run.")
  private Path file;

  @Option(
      names = "--part",
      paramLabel = "NAME",
      description = "Part of FILE to take for the model (state_dict, model or the whole file).")
  private String part;

  @Option(names = "--all", description = "List the arrays of other parts too.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON, always with all arrays.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Inspection inspection = Inspection.of(TrainedModel.file(file), part);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      try (JsonGenerator generator = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
        write(inspection, generator);
      }
      out.println();
    } else {
      print(inspection, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private void print(Inspection inspection, PrintWriter out) {
    long bytes = inspection.arrays().stream().mapToLong(Inspection.Entry::bytes).sum();
    out.println(
        "%s: %s, %s of %s"
            .formatted(
                inspection.file(),
                inspection.format(),
                Counted.of(inspection.arrays().size(), "array"),
                Memory.size(bytes)));
    inspection
        .parts()
        .forEach(
            (name, arrays) ->
                out.println(
                    "  %s: %s"
                        .formatted(
                            name.isEmpty() ? "outermost" : name, Counted.of(arrays, "array"))));
    out.println(inspection.model().map(WeightsInspectCommand::sentence).orElse("no model"));
    Set<String> wanted =
        inspection.model().map(model -> new HashSet<>(model.names())).orElseGet(HashSet::new);
    Table table = new Table("array", "type", "shape");
    for (Inspection.Entry entry : inspection.arrays()) {
      if (all || wanted.contains(entry.name())) {
        table.add(entry.name(), lowerCase(entry.type()), shape(entry));
      }
    }
    out.print(table.text());
  }

  /** "model: state_dict, 294 arrays, like pvt_small (100.0 % of the arrays)". */
  private static String sentence(Inspection.Model model) {
    return "model: %s%s, like %s"
        .formatted(
            model.part().isEmpty() ? "" : model.part() + ", ",
            Counted.of(model.names().size(), "array"),
            model.likeness().map(WeightsInspectCommand::sentence).orElse("none that is known"));
  }

  private static String sentence(Likeness likeness) {
    String backbone =
        "%s (%s of the arrays)".formatted(likeness.backbone(), percent(likeness.share()));
    return likeness.head() == null
        ? backbone
        : "%s with %s (%s) for %s%s"
            .formatted(
                backbone,
                likeness.head(),
                percent(likeness.headShare()),
                Counted.of(likeness.classes(), "class"),
                likeness.oneLogit() ? " with one logit" : "");
  }

  /** Piece by piece: a file may have very many arrays. */
  private static void write(Inspection inspection, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", inspection.file().toString());
    json.writeStringField("format", inspection.format());
    json.writeObjectFieldStart("parts");
    for (Map.Entry<String, Long> part : inspection.parts().entrySet()) {
      json.writeNumberField(part.getKey(), part.getValue());
    }
    json.writeEndObject();
    if (inspection.model().isPresent()) {
      json.writeObjectFieldStart("model");
      write(inspection.model().orElseThrow(), json);
      json.writeEndObject();
    }
    json.writeArrayFieldStart("arrays");
    for (Inspection.Entry entry : inspection.arrays()) {
      write(entry, json);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("strings");
    for (Map.Entry<String, String> string : inspection.strings().entrySet()) {
      json.writeStringField(string.getKey(), string.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(Inspection.Entry entry, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", entry.name());
    json.writeStringField("type", lowerCase(entry.type()));
    json.writeFieldName("shape");
    long[] shape = entry.shape().getShape();
    json.writeArray(shape, 0, shape.length);
    json.writeNumberField("bytes", entry.bytes());
    json.writeEndObject();
  }

  private static void write(Inspection.Model model, JsonGenerator json) throws IOException {
    json.writeStringField("part", model.part());
    json.writeNumberField("arrays", model.names().size());
    if (model.likeness().isPresent()) {
      Likeness likeness = model.likeness().orElseThrow();
      json.writeStringField("backbone", likeness.backbone().toString());
      json.writeNumberField("share", likeness.share());
      if (likeness.head() != null) {
        json.writeStringField("head", likeness.head().toString());
        json.writeNumberField("headShare", likeness.headShare());
        json.writeNumberField("classes", likeness.classes());
        json.writeBooleanField("oneLogit", likeness.oneLogit());
      }
    }
  }

  /** "64x3x4x4"; "1" for a number. */
  private static String shape(Inspection.Entry entry) {
    return entry.shape().dimension() == 0
        ? "1"
        : Arrays.stream(entry.shape().getShape())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("x"));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
