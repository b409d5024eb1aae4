package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.torchscript.export.Report;
import org.segtrain.train.Precision;

final class OnnxFileTest {

  private static final Deployment PHOTOGRAPHS =
      new Deployment(InputForm.UINT8, OutputForm.CLASS_MAP, true, Precision.FP32, false);

  @TempDir private Path folder;

  @Test
  void photographsGoInAndClassesComeOut() throws OrtException {
    Path file = folder.resolve("model.onnx");
    try (Original model = Original.fresh(BackboneVariant.PVT_TINY, HeadVariant.SEGFORMER, 4, 1)) {
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

  @ParameterizedTest
  @CsvSource({"BF16, false", "FP32, true"})
  void whatOnlyTorchScriptHasIsRefused(Precision precision, boolean optimized) {
    Deployment form =
        new Deployment(InputForm.FLOAT, OutputForm.LOGITS, false, precision, optimized);
    assertThrows(IllegalArgumentException.class, () -> ExportFormat.ONNX.check(form));
    assertDoesNotThrow(() -> ExportFormat.TORCHSCRIPT.check(form));
  }
}
