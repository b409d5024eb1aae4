package org.segtrain.export;

import ai.djl.ndarray.NDList;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.segtrain.config.Precision;
import org.segtrain.errors.UsageException;
import org.segtrain.onnx.Onnx;
import org.segtrain.onnx.internal.OnnxRuntime;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.Tolerance;
import org.segtrain.torchscript.Verification;

/** A model as an ONNX file, with its description among the metadata. */
final class OnnxFile {

  private static final String ALTERNATIVE = "format torchscript";

  /** Another engine adds in another order; scores that almost tie may change theirs. */
  private static final Tolerance TOLERANCE = new Tolerance(1e-3, 0.99, "so take " + ALTERNATIVE);

  private static final double NANO = 1e-9;

  private OnnxFile() {}

  /**
   * Refuses options that such a file cannot have.
   *
   * @throws UsageException if one is given
   */
  static void check(Deployment form) {
    refuse(form.precision() == Precision.BF16, "precision bf16", "leave it out");
    refuse(
        form.optimization().isInt8(),
        "int8",
        "quantise the file by the tools of its runtime (docs/export.md)");
    refuse(
        form.optimization().kind() != Optimization.Kind.NONE,
        form.optimization().isForCpu() ? "cpu" : "optimize",
        "leave it out, since runtimes fold batch norms as they load");
  }

  /** Writes it after comparing ONNX Runtime's outputs with those of the model. */
  static Report write(ExportSource model, Deployment form, ModelCard card, Path file) {
    long start = System.nanoTime();
    DeployedModel deployed = model.deployed(form);
    Samples samples = form.input().samples();
    Onnx onnx =
        Onnx.of(Recordings.of(deployed, samples)).metadata(Map.of(ModelCard.NAME, card.json()));
    Port image = form.input().port(model.photographs().rules());
    onnx.input(image.name(), image.axes().toArray(String[]::new));
    form.output()
        .ports(model.classes().size(), form.confidence())
        .forEach(port -> onnx.output(port.name(), port.axes().toArray(String[]::new)));
    Verification[] checked = new Verification[1];
    onnx.write(file, draft -> checked[0] = verified(draft, deployed, samples));
    double seconds = (System.nanoTime() - start) * NANO;
    return new Report(checked[0].difference(), checked[0].equalClasses(), seconds, size(file));
  }

  /** The comparison of a file with the model, once it is near enough. */
  static Verification verified(Path file, DeployedModel model, Samples samples) {
    try (OnnxRuntime runtime = new OnnxRuntime(file)) {
      return Verification.of(inputs -> run(runtime, inputs), model, samples, TOLERANCE);
    } catch (OrtException e) {
      throw unusable("load", e);
    }
  }

  private static NDList run(OnnxRuntime runtime, NDList inputs) {
    try {
      return runtime.run(inputs);
    } catch (OrtException e) {
      throw unusable("run", e);
    }
  }

  private static IllegalStateException unusable(String what, OrtException e) {
    return new IllegalStateException(
        "ONNX Runtime does not %s the exported file, so take %s, and report this: %s"
            .formatted(what, ALTERNATIVE, e.getMessage()),
        e);
  }

  private static void refuse(boolean asked, String option, String instead) {
    if (asked) {
      throw new UsageException(
          "%s is for TorchScript, but the format is onnx; %s".formatted(option, instead));
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
