package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.config.Precision;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.Samples;

final class OnnxFileTest {

  private static final Deployment PHOTOGRAPHS =
      new Deployment(
          InputForm.UINT8, OutputForm.CLASS_MAP, true, Precision.FP32, Optimization.NONE);

  @TempDir private Path folder;

  @Test
  void photographsGoInAndClassesComeOut() throws OrtException {
    Path file = folder.resolve("model.onnx");
    try (ExportSource model = NarrowModels.of(HeadVariant.SEGFORMER, 4, 1)) {
      ModelCard card = ModelCard.of(model, PHOTOGRAPHS, "1.0");
      Report report = ExportFormat.ONNX.write(model, PHOTOGRAPHS, card, file);
      assertTrue(report.equalClasses() > 0.999, report::toString);
      assertTrue(report.difference() < 1e-5, report::toString); // of probabilities
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
        assertEquals(Set.of("image"), session.getInputNames());
        assertEquals(Set.of("class_map", "confidence"), session.getOutputNames());
        assertEquals(
            card.json(),
            session.getMetadata().getCustomMetadataValue(ModelCard.NAME).orElseThrow());
      }
    }
  }

  @Tag("slow")
  @Test
  void whatOnnxRuntimeDoesNotTakeIsRefusedWithAnAlternative() throws IOException {
    Path file = folder.resolve("model.onnx");
    try (ExportSource model = NarrowModels.of(HeadVariant.SEGFORMER, 4, 1)) {
      ModelCard card = ModelCard.of(model, PHOTOGRAPHS, "1.0");
      ExportFormat.ONNX.write(model, PHOTOGRAPHS, card, file);
      Deployment other =
          new Deployment(
              InputForm.FLOAT, OutputForm.CLASS_MAP, true, Precision.FP32, Optimization.NONE);
      assertEquals("run", refused(file, model, other));
      ExportFormat.ONNX.checkPlace(file); // an earlier export may be replaced
      Files.writeString(file, "no model");
      assertThrows(DataException.class, () -> ExportFormat.ONNX.checkPlace(file));
      assertEquals("load", refused(file, model, PHOTOGRAPHS));
    }
  }

  /** What ONNX Runtime does not do. */
  private static String refused(Path file, ExportSource model, Deployment form) {
    Samples samples = form.input().samples();
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> OnnxFile.verified(file, model.deployed(form), samples))
            .getMessage();
    Matcher sentence =
        Pattern.compile(
                "ONNX Runtime does not (\\w+) the exported file, so take format torchscript, and"
                    + " report this: .+",
                Pattern.DOTALL)
            .matcher(message);
    assertTrue(sentence.matches(), message);
    return sentence.group(1);
  }

  @ParameterizedTest
  @CsvSource({"BF16, NONE", "FP32, ANY_DEVICE", "FP32, CPU"})
  void whatOnlyTorchScriptHasIsRefused(Precision precision, Optimization.Kind kind) {
    Deployment form =
        new Deployment(
            InputForm.FLOAT,
            OutputForm.LOGITS,
            false,
            precision,
            new Optimization(kind, List.of()));
    assertThrows(IllegalArgumentException.class, () -> ExportFormat.ONNX.check(form));
    assertDoesNotThrow(() -> ExportFormat.TORCHSCRIPT.check(form));
  }
}
