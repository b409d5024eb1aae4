package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.Precision;
import org.segtrain.heads.HeadVariant;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.Benchmark.Measurement;
import org.segtrain.measure.internal.ParameterCount;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain benchmark}: time and memory of models on this machine. */
@Command(
    name = "benchmark",
    description = {
      "Measures time and memory of models.",
      "Each is measured in a process of its own. Prints the median of the passes, milliseconds, and the most memory that the process had, MB."
    },
    footer = {
      "",
      "training: forward pass and gradients, no optimiser; recompute: the same with --recompute;",
      "inference: forward pass.",
      "GMACs: multiplications with addition of inference with one image, 10^9.",
      "Nothing else should run on the machine meanwhile."
    })
public final class BenchmarkCommand implements Callable<Integer> {

  private static final String ALL = "all";

  @Spec private CommandSpec spec;

  @Option(
      names = "--backbone",
      required = true,
      split = ",",
      paramLabel = "NAME",
      completionCandidates = NameLists.Backbones.class,
      description = "One or more of those that segtrain models lists, or all.")
  private List<String> backbones;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      completionCandidates = NameLists.Heads.class,
      description = "With this head and 150 classes (none: the bare backbone).")
  private String head;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "512",
      description = "Side of the images (${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2",
      description = "Images of a pass (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--mode",
      split = ",",
      paramLabel = "training|recompute|inference",
      completionCandidates = NameLists.Modes.class,
      defaultValue = "training,inference",
      description = "What to measure (${DEFAULT-VALUE}).")
  private List<String> modes;

  @Option(
      names = "--precision",
      split = ",",
      paramLabel = "fp32|bf16",
      completionCandidates = NameLists.Precisions.class,
      defaultValue = "fp32,bf16",
      description = "Arithmetic of activations (both).")
  private List<String> precisions;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2",
      description = "Passes before those that count (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "7",
      description = "Passes that count (${DEFAULT-VALUE}).")
  private int repeats;

  @Option(names = "--markdown", description = "As a Markdown table.")
  private boolean markdown;

  /** How the command asks another process of itself for the one measurement that is left. */
  @Option(names = BenchmarkProcess.ONE, hidden = true)
  private boolean one;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() throws JsonProcessingException {
    Usage usage = new Usage(spec);
    List<BackboneVariant> variants = usage.of(this::variants);
    List<Benchmark.Mode> kinds = usage.of(() -> chosen("mode", Benchmark.Mode.values(), modes));
    List<Precision> types = usage.of(() -> chosen("precision", Precision.values(), precisions));
    String headName = usage.of(() -> head == null ? null : HeadVariant.of(head).toString());
    List<List<Benchmark>> rows = new ArrayList<>();
    for (BackboneVariant variant : variants) {
      List<Benchmark> row = new ArrayList<>();
      for (Benchmark.Mode kind : kinds) {
        for (Precision type : types) {
          row.add(
              usage.of(
                  () ->
                      new Benchmark(
                          variant.toString(), headName, size, batch, kind, type, warmUp, repeats)));
        }
      }
      rows.add(row);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (one) {
      Measurement measured = rows.get(0).get(0).run(usage.of(() -> device.resources(1)));
      out.println(new ObjectMapper().writeValueAsString(measured));
      return ExitCode.OK;
    }
    usage.of(() -> device.resources(1)); // refuses a device that is not there, before any process
    Table table = table(rows);
    out.print(markdown ? table.markdown() : table.text());
    out.flush();
    return ExitCode.OK;
  }

  private List<BackboneVariant> variants() {
    return backbones.equals(List.of(ALL))
        ? List.of(BackboneVariant.values())
        : backbones.stream().map(BackboneVariant::of).toList();
  }

  private static <T> List<T> chosen(String what, T[] known, List<String> names) {
    return names.stream().map(name -> Choice.of(what, known, name)).toList();
  }

  private Table table(List<List<Benchmark>> rows) {
    List<String> heading = new ArrayList<>(List.of("backbone", "parameters", "GMACs"));
    rows.get(0)
        .forEach(
            benchmark -> {
              heading.add("%s %s, ms".formatted(benchmark.mode(), benchmark.precision()));
              heading.add("MB");
            });
    Table table = new Table(heading.toArray(String[]::new));
    for (List<Benchmark> row : rows) {
      List<String> cells = new ArrayList<>();
      Benchmark first = row.get(0);
      cells.add(first.backbone());
      cells.add(millions(ParameterCount.of(BackboneVariant.of(first.backbone()))));
      cells.add(String.format(Locale.ROOT, "%.1f", first.multiplyAdds() / 1e9));
      for (Benchmark benchmark : row) {
        Measurement measured = new BenchmarkProcess(benchmark, device).measure();
        progress(benchmark, measured);
        cells.add(String.format(Locale.ROOT, "%.0f", measured.median()));
        cells.add(String.valueOf(measured.peakBytes() >> 20));
      }
      table.add(cells.toArray(String[]::new));
    }
    return table;
  }

  private static String millions(long count) {
    return String.format(Locale.ROOT, "%.1f M", count / 1e6);
  }

  private void progress(Benchmark benchmark, Measurement measured) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        String.format(
            Locale.ROOT,
            "%s, %s, %s: %.0f ms (%.0f-%.0f)",
            benchmark.backbone(),
            benchmark.mode(),
            benchmark.precision(),
            measured.median(),
            measured.fastest(),
            measured.slowest()));
    err.flush();
  }
}
