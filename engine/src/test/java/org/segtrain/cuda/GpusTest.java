package org.segtrain.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each reason why there is no GPU, with a stand-in for the driver. */
class GpusTest {

  private static final Gpu H200 = new Gpu("NVIDIA H200", 150_000_000_000L, 9, 0);
  private static final CudaRuntime FOR_CPU =
      new CudaRuntime(Path.of("/libs"), false, Optional.empty(), 0);

  private static CudaRuntime runtime(int error) {
    return new CudaRuntime(Path.of("/libs"), true, Optional.of(CudaVersion.of(12_090)), error);
  }

  private static NvidiaDriver driver(int cuda, int error, Gpu... gpus) {
    return new NvidiaDriver(
        Optional.of(CudaVersion.of(cuda)), Optional.of("575.57"), error, List.of(gpus));
  }

  private static void refused(
      String reason, CudaRuntime runtime, NvidiaDriver driver, Map<String, String> environment) {
    Gpus gpus = Gpus.of(runtime, driver, environment::get);
    assertEquals(List.of(), gpus.all());
    assertEquals(Optional.of(reason), gpus.reason());
  }

  @Test
  void eachReasonIsNamed() {
    refused(
        "PyTorch in /libs is built for the CPU; run with the one for CUDA (docs/cuda.md)",
        FOR_CPU,
        driver(12_090, 0, H200),
        Map.of());
    refused(
        "there is no NVIDIA driver (libcuda.so.1 cannot be loaded); install one for CUDA 12.0 or newer",
        runtime(35),
        NvidiaDriver.NONE,
        Map.of());
    refused(
        "the NVIDIA driver is for CUDA up to 11.4, and PyTorch's library is for CUDA 12.9; install a"
            + " driver for CUDA 12.0 or newer",
        runtime(35),
        driver(11_040, 0, H200),
        Map.of());
    refused(
        "the NVIDIA driver shows no GPU; see whether nvidia-smi lists one",
        runtime(100),
        driver(12_090, NvidiaDriver.NO_DEVICE),
        Map.of());
    refused(
        "the NVIDIA driver shows no GPU, and CUDA_VISIBLE_DEVICES is \"7\"; unset it, or name a GPU"
            + " that nvidia-smi lists",
        runtime(100),
        driver(12_090, 0),
        Map.of("CUDA_VISIBLE_DEVICES", "7"));
    refused(
        "the NVIDIA driver cannot start (CUDA's error 802); see what nvidia-smi says",
        runtime(802),
        driver(12_090, 802),
        Map.of());
    refused(
        "the NVIDIA driver cannot start (CUDA's error 36); see what nvidia-smi says",
        runtime(36),
        driver(12_090, 0, H200),
        Map.of());
  }

  @Test
  void anOlderDriverOfTheSameMajorVersionServes() {
    Gpus gpus = Gpus.of(runtime(0), driver(12_000, 0, H200), unused -> null);
    assertEquals(List.of(H200), gpus.all());
    assertEquals(Optional.empty(), gpus.reason());
    assertEquals("575.57, for CUDA up to 12.0", gpus.driver());
    assertEquals("12.9", gpus.library());
  }

  @Test
  void theEngineOfThisMachineIsAsked() {
    Gpus gpus = Gpus.find();
    assertEquals(gpus.all().isEmpty(), gpus.reason().isPresent());
    assertTrue(
        LoadedLibrary.find("libtorch").isPresent()
            || !System.getProperty("os.name").startsWith("Linux"));
    assertEquals(Optional.empty(), LoadedLibrary.find("libnone"));
  }

  @Test
  void matrixUnitsForBfloat16CameWithAmpere() {
    assertTrue(H200.hasBfloat16());
    assertTrue(new Gpu("A100", 1, 8, 0).hasBfloat16());
    assertEquals(false, new Gpu("T4", 1, 7, 5).hasBfloat16());
    assertEquals("7.5", new Gpu("T4", 1, 7, 5).capability());
  }
}
