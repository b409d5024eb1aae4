package org.segtrain.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.cuda.CudaMath;
import org.segtrain.data.Photograph;
import org.segtrain.data.Split;
import org.segtrain.errors.UsageException;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.ExportSource;
import org.segtrain.export.ExportedModel;
import org.segtrain.export.InputForm;
import org.segtrain.export.ModelCard;
import org.segtrain.export.Optimization;
import org.segtrain.export.OutputForm;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;

/** Evaluation, prediction and export: the results of the CPU, and nothing left in memory. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class InferenceOnGpuTest {

  private static final double MOST_OTHERS =
      0.002; // share of pixels, whose scores are as good as equal

  private static final double ROUNDED = 0.02; // the same in bfloat16

  @TempDir private static Path dir;
  private static Path run;

  @BeforeAll
  static void train() {
    run = dir.resolve("run");
    TinyRun.run(TinyRun.config(), StandInGpu.CPU, run);
  }

  @BeforeEach
  void reset() {
    StandInGpu.reset();
    StandInGpu.allowAllWaits();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"run\": {\"precision\": \"bf16\"}}",
        "{\"evaluation\": {\"window\": \"32\"}}",
        "{\"evaluation\": {\"flip\": true, \"scales\": [0.5, 1]}}",
      })
  void aModelGivesTheClassesOfTheCpu(String json) {
    Overlay instead = ConfigFile.parse("own", json);
    double allowed = json.contains("bf16") ? ROUNDED : MOST_OTHERS;
    assertSameClasses(load(StandInGpu.RESOURCES, instead), load(StandInGpu.CPU, instead), allowed);
  }

  private static TrainedModel load(Resources resources, Overlay instead) {
    return TrainedModel.load(run, resources, instead);
  }

  @Test
  void anEvaluationIsThatOfTheCpu() {
    try (TrainedModel gpu = TrainedModel.load(run, StandInGpu.RESOURCES);
        TrainedModel cpu = TrainedModel.load(run, StandInGpu.CPU)) {
      double expected = cpu.evaluate(TinyRun.SCENES, Split.VALIDATION).metrics().meanIou();
      double found = gpu.evaluate(TinyRun.SCENES, Split.VALIDATION).metrics().meanIou();
      assertEquals(expected, found, MOST_OTHERS);
    }
    assertEquals(0, StandInGpu.allocated());
  }

  @Test
  void aPhotographWaitsForItsClassesAlone() {
    try (TrainedModel gpu = TrainedModel.load(run, StandInGpu.RESOURCES)) {
      Photograph scene = scene(0);
      gpu.segment(scene);
      long held = StandInGpu.allocated();
      StandInGpu.reset();
      gpu.segment(scene);
      assertEquals(1, StandInGpu.waits(), StandInGpu.counts().toString());
      assertEquals(held, StandInGpu.allocated());
    }
  }

  @Test
  void anExportIsThatOfTheCpuAndGivesItsClasses() throws IOException {
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.CLASS_MAP, false, Precision.BF16, Optimization.NONE);
    Path ofCpu = export(StandInGpu.CPU, form, dir.resolve("cpu.pt"));
    Path ofGpu = export(StandInGpu.RESOURCES, form, dir.resolve("gpu.pt"));
    assertEquals(-1, Files.mismatch(ofCpu, ofGpu));
    Overlay instead = Overlay.of("own");
    assertSameClasses(
        ExportedModel.load(ofCpu, StandInGpu.RESOURCES, instead),
        ExportedModel.load(ofCpu, StandInGpu.CPU, instead),
        ROUNDED);
  }

  @Test
  void aFileForACpuIsRefused() {
    Deployment form =
        new Deployment(InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, Optimization.CPU);
    Path file = export(StandInGpu.CPU, form, dir.resolve("for-cpu.pt"));
    Overlay instead = Overlay.of("own");
    assertEquals(
        file
            + " is for a CPU, but the device is gpu(0); choose --device cpu, or export the model"
            + " with --optimize",
        assertThrows(
                UsageException.class, () -> ExportedModel.load(file, StandInGpu.RESOURCES, instead))
            .getMessage());
  }

  @Test
  void aFileOfFp32IsComputedInTf32IfAskedFor() {
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
    Path file = export(StandInGpu.CPU, form, dir.resolve("fp32.pt"));
    for (String precision : List.of("tf32", "fp32")) {
      Overlay instead = Overlay.of("own").with("run.precision", precision);
      try (ExportedModel model = ExportedModel.load(file, StandInGpu.RESOURCES, instead)) {
        model.segment(scene(0));
        assertEquals(precision.equals("tf32"), CudaMath.hasTf32Convolutions());
        assertEquals(precision.equals("tf32"), CudaMath.hasTf32Products());
      }
    }
  }

  private static Path export(Resources resources, Deployment form, Path file) {
    try (TrainedModel trained = TrainedModel.load(run, resources)) {
      ExportSource source = ExportSource.of(trained);
      ExportFormat.TORCHSCRIPT.write(source, form, ModelCard.of(source, form, "1"), file);
    }
    return file;
  }

  private static void assertSameClasses(ModelInUse gpu, ModelInUse cpu, double allowed) {
    try (gpu;
        cpu) {
      int others = 0;
      int all = 0;
      for (int i = 0; i < TinyRun.SCENES.size(Split.VALIDATION); i++) {
        byte[] expected = cpu.segment(scene(i));
        byte[] found = gpu.segment(scene(i));
        assertEquals(expected.length, found.length);
        for (int at = 0; at < found.length; at++) {
          others += found[at] == expected[at] ? 0 : 1;
        }
        all += found.length;
      }
      assertTrue(others <= allowed * all, others + " of " + all);
    }
    assertEquals(0, StandInGpu.allocated());
  }

  private static Photograph scene(int index) {
    return TinyRun.SCENES.open(Split.VALIDATION, index).photograph();
  }
}
