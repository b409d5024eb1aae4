package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Numbers;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.Precision;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.export.AnyModel;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.Benchmark.Measurement;
import org.segtrain.measure.internal.NewModel;
import org.segtrain.measure.internal.SavedRun;
import org.segtrain.measure.internal.Subject;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain benchmark}: time and memory of models on this machine. */
@Command(
    name = "benchmark",
    description = {
      "Measures time and memory of models.",
      "Measures each in a process of its own. Prints the median time of a pass, milliseconds,"
          + " images a second, and the peak memory of the process, MB. On a GPU: the GPU memory in use."
    },
    footer = {
      "",
      "training: forward pass and gradients, no optimiser; recompute: the same with --recompute;",
      "inference: forward pass, without reading or resizing photographs.",
      "Exported files run inference only, in their own precision.",
      "GMACs: multiply-adds of inference with one image, 10^9.",
      "Run nothing else on the machine meanwhile."
    })
public final class BenchmarkCommand implements Callable<Integer> {

  private static final String ALL = "all";
  private static final int CLASSES = 150; // of ADE20K
  private static final String UNKNOWN = "-";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL",
      description = "Folders of runs, checkpoints or exported files.")
  private List<Path> saved = List.of();

  @Option(
      names = "--backbone",
      split = ",",
      paramLabel = "NAME",
      completionCandidates = NameLists.Backbones.class,
      description = "Backbones that segtrain models lists, or all.")
  private List<String> backbones = List.of();

  @Option(
      names = "--head",
      paramLabel = "NAME",
      completionCandidates = NameLists.Heads.class,
      description = "Head of --backbone (none: the bare backbone).")
  private String head;

  @Option(
      names = "--classes",
      paramLabel = "K",
      description = "Classes of --head (" + CLASSES + ").")
  private Integer classes;

  @Option(
      names = "--size",
      paramLabel = "PIXELS|HxW",
      defaultValue = "512",
      description = "Size of the images (${DEFAULT-VALUE}).")
  private String size;

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
      paramLabel = "fp32|tf32|bf16",
      completionCandidates = NameLists.Precisions.class,
      defaultValue = "fp32,bf16",
      description = "Arithmetic of activations; tf32 on a GPU only (${DEFAULT-VALUE}).")
  private List<String> precisions;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2",
      description = "Warm-up passes (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "7",
      description = "Measured passes (${DEFAULT-VALUE}).")
  private int repeats;

  @Option(names = "--markdown", description = "Print a Markdown table.")
  private boolean markdown;

  /** The option by which the command asks another process of itself for one measurement. */
  @Option(names = BenchmarkProcess.ONE, hidden = true)
  private boolean one;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() throws JsonProcessingException {
    Usage usage = new Usage(spec);
    List<Benchmark> benchmarks = usage.of(this::benchmarks);
    List<NewModel> models = usage.of(this::models);
    Resources resources = usage.of(() -> device.resources(1)); // or refuses it before any process
    benchmarks.forEach(each -> usage.check(() -> DeviceOptions.check(each.precision(), resources)));
    List<Subject> subjects = new ArrayList<>(models);
    saved.forEach(path -> subjects.add(subject(path, resources)));
    PrintWriter out = spec.commandLine().getOut();
    if (one) {
      Measurement measured = benchmarks.get(0).run(subjects.get(0), resources);
      out.println(new ObjectMapper().writeValueAsString(measured));
      return ExitCode.OK;
    }
    Table table = table(subjects, benchmarks);
    if (!markdown) {
      out.println(
          "%s of %s pixels in a pass".formatted(Counted.of(batch, "image"), Numbers.pixels(size)));
    }
    out.print(markdown ? table.markdown() : table.text());
    out.flush();
    return ExitCode.OK;
  }

  /** The passes that are measured of each model, a column each. */
  private List<Benchmark> benchmarks() {
    ImageSize image = ImageSize.of("--size", size);
    List<Precision> types = chosen("precision", Precision.values(), precisions);
    List<Benchmark> all = new ArrayList<>();
    for (Benchmark.Mode kind : chosen("mode", Benchmark.Mode.values(), modes)) {
      for (Precision type : types) {
        all.add(new Benchmark(image, batch, kind, type, warmUp, repeats));
      }
    }
    return all;
  }

  private List<NewModel> models() {
    if (backbones.isEmpty() && saved.isEmpty()) {
      throw new UsageException(
          "there is nothing to measure; name backbones with --backbone, runs or exported files");
    }
    Optional<HeadVariant> known = Optional.ofNullable(head).map(HeadVariant::of);
    List<BackboneVariant> variants =
        backbones.equals(List.of(ALL))
            ? List.of(BackboneVariant.values())
            : backbones.stream().map(BackboneVariant::of).toList();
    if (head != null && variants.isEmpty()) {
      throw new UsageException(
          "--head would have no effect without --backbone; give that too, or leave --head out");
    }
    if (classes != null && head == null) {
      throw new UsageException(
          "--classes would have no effect without --head; give that too, or leave --classes out");
    }
    int number = classes == null ? CLASSES : classes;
    return variants.stream().map(variant -> new NewModel(variant, known, number)).toList();
  }

  private static Subject subject(Path path, Resources resources) {
    Missing.refuse(path);
    return AnyModel.isExported(path)
        ? new ExportedFile(path, resources)
        : new SavedRun(path, resources);
  }

  private static <T> List<T> chosen(String what, T[] known, List<String> names) {
    return names.stream().map(name -> Choice.of(what, known, name)).toList();
  }

  private Table table(List<Subject> subjects, List<Benchmark> benchmarks) {
    List<String> heading = new ArrayList<>(List.of("model", "parameters", "GMACs"));
    for (Benchmark benchmark : benchmarks) {
      heading.add("%s %s, ms".formatted(benchmark.mode(), benchmark.precision()));
      heading.add("images/s");
      heading.add("MB");
    }
    Table table = new Table(heading.toArray(String[]::new));
    for (Subject subject : subjects) {
      List<String> cells = new ArrayList<>();
      cells.add(subject.toString());
      cells.add(subject.parameters().map(BenchmarkCommand::millions).orElse(UNKNOWN));
      cells.add(
          subject
              .multiplyAdds(benchmarks.get(0).size())
              .map(count -> String.format(Locale.ROOT, "%.1f", count / 1e9))
              .orElse(UNKNOWN));
      for (Benchmark benchmark : benchmarks) {
        cells.addAll(
            subject.can(benchmark)
                ? measured(subject, benchmark)
                : List.of(UNKNOWN, UNKNOWN, UNKNOWN));
      }
      table.add(cells.toArray(String[]::new));
    }
    return table;
  }

  private List<String> measured(Subject subject, Benchmark benchmark) {
    Measurement measured = new BenchmarkProcess(subject, benchmark, device).measure();
    progress(subject, benchmark, measured);
    return List.of(
        String.format(Locale.ROOT, "%.0f", measured.median()),
        String.format(Locale.ROOT, "%.1f", 1000 * benchmark.batch() / measured.median()),
        String.valueOf(measured.peakBytes() >> 20));
  }

  private static String millions(long count) {
    return String.format(Locale.ROOT, "%.1f M", count / 1e6);
  }

  private void progress(Subject subject, Benchmark benchmark, Measurement measured) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        String.format(
            Locale.ROOT,
            "%s, %s, %s: %.0f ms (%.0f-%.0f)",
            subject,
            benchmark.mode(),
            benchmark.precision(),
            measured.median(),
            measured.fastest(),
            measured.slowest()));
    err.flush();
  }
}
