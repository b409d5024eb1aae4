package org.segtrain.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;
import org.segtrain.torchscript.Report;

/** The kinds of files that hold a model for use elsewhere. A row is a kind: how one is written. */
public enum ExportFormat {
  /** For PyTorch in every language, and for further training. */
  TORCHSCRIPT(form -> {}, TorchScriptFile::write, ".pt", ".pth"),
  /** For ONNX Runtime and other runtimes. */
  ONNX(OnnxFile::check, OnnxFile::write, ".onnx"),
  /** A folder for DJL and DJL Serving. */
  DJL(DjlFolder::check, DjlFolder::write);

  /** Writes a model once the file was proved to give what the model gives. */
  private interface Writer {
    Report write(ExportSource model, Deployment form, ModelCard card, Path out);
  }

  private final Consumer<Deployment> check;
  private final Writer writer;
  private final List<String> endings;

  ExportFormat(Consumer<Deployment> check, Writer writer, String... endings) {
    this.check = check;
    this.writer = writer;
    this.endings = List.of(endings);
  }

  /**
   * Refuses a form that there is not in this format.
   *
   * @throws UsageException if it is such a form
   */
  public void check(Deployment form) {
    check.accept(form);
  }

  /**
   * Writes {@code model}, once what is written was read again and gives what the model gives; until
   * then what is at {@code out} stays as it is, and then it is replaced.
   *
   * @param card its description in that form
   * @throws UsageException if it cannot be exported in that form
   * @throws org.segtrain.errors.DataException if it cannot be written
   */
  public Report write(ExportSource model, Deployment form, ModelCard card, Path out) {
    check(form);
    return writer.write(model, form, card, out);
  }

  /** The name at every border, {@code torchscript}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of that name.
   *
   * @throws UsageException if there is none, naming those there are
   */
  public static ExportFormat of(String name) {
    return Choice.of("format", values(), name);
  }

  /**
   * The format whose files end as {@code file} does.
   *
   * @throws UsageException if there is none, naming the endings there are
   */
  public static ExportFormat ofEnding(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "the name %s does not end as a format does; end it with %s, or name the format"
                        .formatted(file, known())));
  }

  private static String known() {
    return Arrays.stream(values())
        .filter(format -> !format.endings.isEmpty())
        .map(format -> "%s (%s)".formatted(String.join(" or ", format.endings), format))
        .collect(Collectors.joining(", "));
  }
}
