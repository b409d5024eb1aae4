package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segtrain.cli.texts.Table;
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

/** {@code segtrain weights inspect}: the arrays of a file, and what model they are like. */
@Command(
    name = "inspect",
    description = "Lists what is in a file of weights, and the published model that it is like.")
final class WeightsInspectCommand implements Callable<Integer> {

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
  public Integer call() throws JsonProcessingException {
    Inspection inspection = Inspection.of(TrainedModel.file(file), part);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node(inspection)));
    } else {
      print(inspection, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private void print(Inspection inspection, PrintWriter out) {
    long bytes = inspection.arrays().stream().mapToLong(Inspection.Entry::bytes).sum();
    out.println(
        "%s: %s, %d arrays of %s"
            .formatted(
                inspection.file(),
                inspection.format(),
                inspection.arrays().size(),
                Memory.size(bytes)));
    inspection
        .parts()
        .forEach(
            (name, arrays) ->
                out.println(
                    "  %s: %d arrays".formatted(name.isEmpty() ? "outermost" : name, arrays)));
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
    return "model: %s%d arrays, like %s"
        .formatted(
            model.part().isEmpty() ? "" : model.part() + ", ",
            model.names().size(),
            model.likeness().map(WeightsInspectCommand::sentence).orElse("none that is known"));
  }

  private static String sentence(Likeness likeness) {
    String backbone =
        "%s (%s of the arrays)".formatted(likeness.backbone(), percent(likeness.share()));
    return likeness.head() == null
        ? backbone
        : "%s with %s (%s) for %d classes%s"
            .formatted(
                backbone,
                likeness.head(),
                percent(likeness.headShare()),
                likeness.classes(),
                likeness.oneLogit() ? " with one logit" : "");
  }

  private static ObjectNode node(Inspection inspection) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("file", inspection.file().toString());
    root.put("format", inspection.format());
    ObjectNode parts = root.putObject("parts");
    inspection.parts().forEach(parts::put);
    inspection.model().ifPresent(model -> put(root.putObject("model"), model));
    ArrayNode arrays = root.putArray("arrays");
    for (Inspection.Entry entry : inspection.arrays()) {
      ObjectNode array = arrays.addObject();
      array.put("name", entry.name());
      array.put("type", lowerCase(entry.type()));
      Arrays.stream(entry.shape().getShape()).forEach(array.putArray("shape")::add);
      array.put("bytes", entry.bytes());
    }
    ObjectNode strings = root.putObject("strings");
    inspection.strings().forEach(strings::put);
    return root;
  }

  private static void put(ObjectNode node, Inspection.Model model) {
    node.put("part", model.part());
    node.put("arrays", model.names().size());
    model
        .likeness()
        .ifPresent(
            likeness -> {
              node.put("backbone", likeness.backbone().toString());
              node.put("share", likeness.share());
              if (likeness.head() != null) {
                node.put("head", likeness.head().toString());
                node.put("headShare", likeness.headShare());
                node.put("classes", likeness.classes());
                node.put("oneLogit", likeness.oneLogit());
              }
            });
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
