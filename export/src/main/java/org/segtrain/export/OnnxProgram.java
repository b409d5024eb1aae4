package org.segtrain.export;

import ai.djl.ndarray.NDList;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.inference.Resources;
import org.segtrain.onnx.Onnx;
import org.segtrain.onnx.internal.OnnxRuntime;

/** An ONNX file in ONNX Runtime, on the CPU. */
record OnnxProgram(Path file, OnnxRuntime runtime, Optional<String> card, List<Long> axes)
    implements Program {

  /** The beginning of ONNX Runtime's messages, before the fault. */
  private static final String PREFIX =
      "(?s)^Error code - \\S+ - message: (?:Load model from .* failed:)?";

  /**
   * Loads a file.
   *
   * @throws DataException if it is none, broken, or ONNX Runtime is not on the class path
   */
  static Program load(Path file, Resources resources) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("cannot read %s: there is no such file".formatted(file));
    }
    if (file.toFile().length() == 0) {
      throw new DataException("%s is empty; export or copy it again".formatted(file));
    }
    Onnx.requireWhole(file);
    try {
      return of(file, resources.threads());
    } catch (OrtException e) {
      throw new DataException(
          "ONNX Runtime cannot load %s: %s; export or copy it again".formatted(file, reason(e)), e);
    }
  }

  /** The fault alone; places in ONNX Runtime's sources are of no use to people. */
  private static String reason(OrtException e) {
    String reason = Reason.of(e).replaceFirst(PREFIX, "").replaceAll("\\[\\w*Error\\] ?", "");
    return reason.startsWith("/") ? "it is no whole model" : reason;
  }

  private static OnnxProgram of(Path file, int threads) throws OrtException {
    OnnxRuntime runtime = new OnnxRuntime(file, threads);
    try {
      String card = runtime.session().getMetadata().getCustomMetadata().get(ModelCard.NAME);
      Collection<NodeInfo> inputs = runtime.session().getInputInfo().values();
      return new OnnxProgram(file, runtime, Optional.ofNullable(card), axes(file, inputs));
    } catch (OrtException | RuntimeException e) {
      runtime.close();
      throw e;
    }
  }

  private static List<Long> axes(Path file, Collection<NodeInfo> inputs) {
    if (inputs.size() != 1 || !(inputs.iterator().next().getInfo() instanceof TensorInfo image)) {
      throw new DataException(
          "%s reads %s, but an exported model reads one array of images; choose another file"
              .formatted(file, Counted.of(inputs.size(), "input")));
    }
    return Arrays.stream(image.getShape()).boxed().toList();
  }

  @Override
  public NDList run(NDList inputs) {
    try {
      return runtime.run(inputs);
    } catch (OrtException | IllegalArgumentException e) { // or of a type that is not passed
      throw Reason.ofRun(file, e);
    }
  }

  @Override
  public void close() {
    try {
      runtime.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close %s".formatted(file), e);
    }
  }
}
