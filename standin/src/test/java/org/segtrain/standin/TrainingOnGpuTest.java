package org.segtrain.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.TrainConfig;
import org.segtrain.cuda.CudaMath;
import org.segtrain.heads.HeadVariant;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.Training;

/** Whole runs: nothing mixes devices, waits without need, or stays in the memory of the GPU. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class TrainingOnGpuTest {

  private static final double LAST_BITS = 1e-4; // of a loss, that kernels may differ by

  @TempDir private Path dir;

  @BeforeEach
  void reset() {
    StandInGpu.reset();
    StandInGpu.allowAllWaits();
  }

  @Test
  void aRunIsThatOfTheCpuAndWaitsOnceAStep() {
    TinyRun.Told gpu = TinyRun.run(TinyRun.config(), StandInGpu.RESOURCES, dir.resolve("gpu"));
    TinyRun.Told cpu = TinyRun.run(TinyRun.config(), StandInGpu.CPU, dir.resolve("cpu"));
    assertEquals(List.of(1L, 1L, 1L), gpu.waits);
    assertEquals(cpu.losses.get(0), gpu.losses.get(0), LAST_BITS);
    assertEquals(4, gpu.losses.size());
    assertEquals(gpu.allocated.get(1), gpu.allocated.get(3), "memory grows from step to step");
    assertEquals(0, StandInGpu.allocated());
    assertTrue(gpu.meanIou > 0);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "SHUNTED_TINY, SEGFORMER",
    "MPVIT_TINY, UPERNET",
    "HRVIT_B1, SEGFORMER",
    "HRFORMER_TINY, OCR",
    "PVT_TINY, FCN"
  })
  void everyFamilyWaitsOnceAStep(BackboneVariant backbone, HeadVariant head) {
    TrainConfig config = TinyRun.config(backbone, head, 32, 1);
    TrainConfig rounded = config.with("run.precision", "bf16");
    TinyRun.Told told = TinyRun.run(rounded, StandInGpu.RESOURCES, dir.resolve("run"));
    assertEquals(List.of(1L, 1L, 1L), told.waits);
    assertEquals(0, StandInGpu.allocated());
  }

  /** Weights are rounded together, not each by an operation of its own. */
  @Test
  void bfloat16LaunchesFewOperationsMore() {
    TrainConfig exact = TinyRun.config(BackboneVariant.PVT_TINY, HeadVariant.FPN, 32, 1);
    TinyRun.Told fp32 = TinyRun.run(exact, StandInGpu.RESOURCES, dir.resolve("fp32"));
    TrainConfig rounded = exact.with("run.precision", "bf16");
    TinyRun.Told bf16 = TinyRun.run(rounded, StandInGpu.RESOURCES, dir.resolve("bf16"));
    assertEquals(List.of(1L, 1L, 1L), bf16.waits);
    assertEquals(fp32.losses.get(0), bf16.losses.get(0), 0.02);
    long more = bf16.launches.get(1) - fp32.launches.get(1);
    assertTrue(more < 120, more + " more than " + fp32.launches.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"fineTuning": {"ema": 0.9}, "optimizer": {"clip": 0.01}, "run": {"recompute": true},
         "loss": {"terms": "ohem(per=image)+focal+boundary+dice", "labelSmoothing": 0.1}}""",
        """
        {"fineTuning": {"freeze": ["backbone"]}, "run": {"precision": "bf16"},
         "optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": true},
         "loss": {"terms": "ohem+tversky(per=batch)", "classBalance": 0.5}}""",
      })
  void everySettingWaitsOnceAStep(String json) {
    TrainConfig config = TinyRun.config().with(ConfigFile.parse("own", json));
    TinyRun.Told told = TinyRun.run(config, StandInGpu.RESOURCES, dir.resolve("run"));
    assertEquals(List.of(1L, 1L, 1L), told.waits);
    assertEquals(told.allocated.get(1), told.allocated.get(3), "memory grows from step to step");
    assertEquals(0, StandInGpu.allocated());
  }

  /** Which PyTorch itself tells. */
  @Test
  void precisionDecidesOverTf32() {
    for (String precision : List.of("tf32", "fp32")) {
      TrainConfig config = TinyRun.config().with("run.precision", precision);
      TinyRun.run(
          config.with("schedule.iterations", 1), StandInGpu.RESOURCES, dir.resolve(precision));
      assertEquals(precision.equals("tf32"), CudaMath.hasTf32Convolutions());
      assertEquals(precision.equals("tf32"), CudaMath.hasTf32Products());
    }
  }

  /** The Lovász hinge needs to know which classes an image has. */
  @Test
  void lovaszWaitsTwiceForEachImageMore() {
    TrainConfig config =
        TinyRun.config().with(ConfigFile.parse("own", "{\"loss\": {\"terms\": \"lovasz\"}}"));
    TinyRun.Told told = TinyRun.run(config, StandInGpu.RESOURCES, dir.resolve("run"));
    assertEquals(List.of(9L, 9L, 9L), told.waits);
  }

  @Test
  void aRunGoesOnToTheSameBits() throws IOException {
    TrainConfig config = TinyRun.config().with("run.precision", "bf16");
    Path whole = dir.resolve("whole");
    TinyRun.run(config, StandInGpu.RESOURCES, whole);
    Path parts = dir.resolve("parts");
    Training[] first = new Training[1];
    Progress stopping =
        new Progress() {
          @Override
          public void step(StepReport step) {
            if (step.step() == 2) {
              first[0].requestStop();
            }
          }
        };
    first[0] = TinyRun.training(config, StandInGpu.RESOURCES, parts, stopping);
    first[0].run();
    assertEquals(2, TinyRun.run(config, StandInGpu.RESOURCES, parts).losses.size());
    Path last = new RunFolder(whole).last();
    assertEquals(-1, Files.mismatch(last, new RunFolder(parts).last()));
  }
}
