package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.segtrain.config.Precision;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.InputForm;
import org.segtrain.export.Optimization;
import org.segtrain.export.OutputForm;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The exported file, and its use. */
@Command(optionListHeading = "%nThe file:%n")
public final class ExportOptions {

  /** More do not change the ranges much. */
  private static final int MOST_PHOTOGRAPHS = 32;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = {
        "The file to write, or the folder with --format djl. It replaces an earlier one after"
            + " the comparison with the model."
      })
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      completionCandidates = NameLists.Formats.class,
      description = "Kind of file: ${bundle:formats} (by the ending of --out).")
  private String format;

  @Option(
      names = "--input",
      paramLabel = "float|uint8",
      completionCandidates = NameLists.InputForms.class,
      description =
          "Input: normalised float32 images, B 3 H W, or RGB bytes, B H W 3 (${bundle:input};"
              + " with --format djl uint8).")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "logits|full_logits|class_map",
      completionCandidates = NameLists.OutputForms.class,
      description =
          "Output: logits at a quarter of the size, B K H/4 W/4, logits at full size, B K H W,"
              + " or the best class of each pixel as a byte, B H W (${bundle:output}; with --format"
              + " djl class_map).")
  private String output;

  @Option(
      names = "--confidence",
      description =
          "With --output class_map, also give the probability of each pixel's class, float32, B"
              + " H W.")
  private boolean confidence;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = NameLists.StoredPrecisions.class,
      description =
          "Type of weights and activations (${bundle:export-precision}); inputs and outputs keep"
              + " theirs.")
  private String precision;

  @Option(
      names = "--optimize",
      description =
          "For inference only: fold batch norms into convolutions, and leave out what inference doesn't"
              + " read.")
  private boolean optimize;

  @Option(
      names = "--cpu",
      description =
          "As --optimize, for x86-64 CPUs only: oneDNN computes linear layers and convolutions with"
              + " packed weights, and the activations behind them.")
  private boolean cpu;

  @Option(
      names = "--int8",
      paramLabel = "PHOTOGRAPHS",
      description =
          "As --cpu, with linear layers and convolutions in int8. The photographs, a folder of some"
              + " of training, decide the ranges of activations.")
  private Path photographs;

  /** The file to write. */
  public Path out() {
    return out;
  }

  /**
   * The kind of file.
   *
   * @throws org.segtrain.errors.UsageException if neither the option nor the ending says it
   */
  public ExportFormat format() {
    return format == null ? ExportFormat.ofEnding(out) : ExportFormat.of(format);
  }

  /**
   * The use of the model.
   *
   * @param files lists the images of a folder
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Deployment deployment(Function<Path, List<Path>> files) {
    return new Deployment(
        input == null ? Defaults.input(format()) : InputForm.of(input),
        output == null ? Defaults.output(format()) : OutputForm.of(output),
        confidence,
        precision == null
            ? Defaults.EXPORT_PRECISION
            : Choice.of("precision", Precision.values(), precision),
        optimization(files));
  }

  private Optimization optimization(Function<Path, List<Path>> files) {
    if (photographs != null) {
      return Optimization.int8(spread(files.apply(photographs)));
    } else if (cpu) {
      return Optimization.CPU;
    }
    return optimize ? Optimization.ANY_DEVICE : Optimization.NONE;
  }

  /** Some of many files, evenly. */
  private static List<Path> spread(List<Path> files) {
    int count = Math.min(files.size(), MOST_PHOTOGRAPHS);
    return IntStream.range(0, count)
        .mapToObj(i -> files.get((int) ((long) i * files.size() / count)))
        .toList();
  }
}
