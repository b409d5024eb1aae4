package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.torchscript.Report;

/** Where numbers are written in other digits, names and programs have the usual ones. */
final class LocaleTest {

  private final Locale usual = Locale.getDefault(Locale.Category.FORMAT);

  @TempDir Path folder;

  @BeforeEach
  void change() {
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG"));
    assertEquals("\u0661", "%d".formatted(1)); // so this is such a place
  }

  @AfterEach
  void restore() {
    Locale.setDefault(Locale.Category.FORMAT, usual);
  }

  @ParameterizedTest
  @CsvSource({
    "PVT_TINY, FPN",
    "SHUNTED_TINY, UPERNET",
    "MPVIT_TINY, SEGFORMER",
    "HRVIT_B1, FCN",
    "HRFORMER_TINY, OCR",
    "PVT_TINY, OCR_MMSEG"
  })
  void parametersHaveTheirOfficialNames(BackboneVariant backbone, HeadVariant head) {
    try (ExportSource model = ExportSource.fresh(backbone, head, 3, 1)) {
      for (String name : StateDict.of(model.model()).keySet()) {
        assertTrue(name.matches("[a-zA-Z0-9_.]+"), name);
      }
    }
  }

  @Tag("slow")
  @Test
  void modelsAreExported() {
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.CLASS_MAP, false, Precision.FP32, Optimization.NONE);
    try (ExportSource model = NarrowModels.of(HeadVariant.FPN, 3, 1)) {
      ModelCard card = ModelCard.of(model, form, "test");
      for (ExportFormat format : ExportFormat.values()) {
        Report report = format.write(model, form, card, folder.resolve(format.toString()));
        assertEquals(1, report.equalClasses(), 1e-3, format.toString());
      }
    }
  }
}
