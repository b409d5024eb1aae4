package org.segtrain.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.config.Precision;
import org.segtrain.config.WeightsSource;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.torchscript.Report;

final class TorchScriptFileTest {

  private static final Deployment LOGITS =
      new Deployment(InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);

  private static ExportSource small;
  private static ExportSource original;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    small = NarrowModels.of(HeadVariant.FPN, 5, 1);
    original = NarrowModels.of(HeadVariant.UPERNET, 5, 1);
  }

  @AfterAll
  static void close() {
    small.close();
    original.close();
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "FLOAT, FULL_LOGITS, false, FP32, false, 2e-6, 0.9999",
    "UINT8, CLASS_MAP, true, FP32, true, 5e-6, 0.9999",
    "UINT8, CLASS_MAP, true, BF16, false, 4e-3, 0.999",
    "FLOAT, LOGITS, false, BF16, true, 0.03, 0.99"
  })
  void aFileGivesWhatTheModelGives(
      InputForm input,
      OutputForm output,
      boolean confidence,
      Precision precision,
      boolean optimized,
      double mostDifference,
      double leastEqual) {
    Deployment form =
        new Deployment(
            input,
            output,
            confidence,
            precision,
            optimized ? Optimization.ANY_DEVICE : Optimization.NONE);
    Report report = write(small, form, folder.resolve("model.pt"));
    assertTrue(report.difference() <= mostDifference, report::toString);
    assertTrue(report.equalClasses() >= leastEqual, report::toString);
  }

  @Test
  void aFileHasTheOfficialNamesNoAuxiliaryHeadAndItsDescription()
      throws IOException, MalformedModelException {
    Path file = folder.resolve("model.pt");
    write(original, LOGITS, file);
    Set<String> learned = new TreeSet<>();
    StateDict.of(original.model())
        .forEach(
            (name, parameter) -> {
              if (parameter.requiresGradient() && !name.startsWith("auxiliary_head.")) {
                learned.add(name);
              }
            });
    try (Model model = Model.newInstance("model", "PyTorch")) {
      model.load(file);
      assertEquals(learned, new TreeSet<>(model.getBlock().getParameters().keys()));
    }
    assertEquals(ModelCard.of(original, LOGITS, "1.2.3").json(), description(file));
  }

  @Tag("slow")
  @Test
  void aFileIsReadBackAsWeightsOfTheBlocks() {
    Path file = folder.resolve("model.pt");
    write(original, LOGITS, file);
    try (ExportSource other = NarrowModels.of(HeadVariant.UPERNET, 5, 2)) {
      other.loaded(new WeightsSource(file.toString(), ""), line -> {});
      Map<String, Parameter> found = StateDict.of(other.model());
      StateDict.of(original.model())
          .forEach(
              (name, parameter) -> {
                if (!name.startsWith("auxiliary_head.")) {
                  assertEquals(parameter.getArray(), found.get(name).getArray(), name);
                }
              });
    }
  }

  private static String description(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      var entry = zip.stream().filter(e -> e.getName().endsWith("extra/segtrain.json")).findFirst();
      return new String(zip.getInputStream(entry.orElseThrow()).readAllBytes(), UTF_8);
    }
  }

  private static Report write(ExportSource original, Deployment form, Path file) {
    ModelCard card = ModelCard.of(original, form, "1.2.3");
    Report report = ExportFormat.TORCHSCRIPT.write(original, form, card, file);
    assertTrue(report.bytes() > 0);
    return report;
  }
}
