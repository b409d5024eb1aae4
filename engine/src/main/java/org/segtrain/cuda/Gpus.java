package org.segtrain.cuda;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.segtrain.engine.internal.SpinCount;

/**
 * The GPUs that the engine can use.
 *
 * @param all in CUDA's order
 * @param reason why there is none: half a sentence, and what to do; empty if there are some
 * @param driver "575.57, for CUDA up to 12.9", or "none"
 * @param library "12.9", or why PyTorch has no CUDA
 */
public record Gpus(List<Gpu> all, Optional<String> reason, String driver, String library) {

  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  private static final AtomicBoolean AHEAD = new AtomicBoolean();

  private static Gpus found;

  /**
   * Begins to find them, and so starts the engine, on a thread of its own: its libraries take half
   * a second to load. {@link #find} waits for it, and throws what goes wrong.
   */
  public static void findAhead() {
    if (AHEAD.getAndSet(true)) {
      return;
    }
    Thread finding = new Thread(Gpus::tryFind, "engine");
    finding.setDaemon(true);
    try { // no library is closed while it is being loaded
      Runtime.getRuntime().addShutdownHook(new Thread(() -> await(finding), "engine-loaded"));
      finding.start();
    } catch (IllegalStateException e) {
      return; // the process is ending
    }
  }

  private static void tryFind() {
    try {
      find();
    } catch (RuntimeException | Error e) {
      return; // whoever needs them finds it again
    }
  }

  private static void await(Thread finding) {
    try {
      finding.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Finds them, once. The engine starts if it has not. */
  public static synchronized Gpus find() {
    if (found == null) {
      CudaLibrary.prepare(unused -> {}); // of a program that is no command
      SpinCount.choose();
      found = of(CudaRuntime.ask(), NvidiaDriver.ask(), System::getenv);
    }
    return found;
  }

  /** Those of a PyTorch and a driver. */
  static Gpus of(CudaRuntime runtime, NvidiaDriver driver, Function<String, String> environment) {
    Optional<String> reason = reason(runtime, driver, environment.apply(VISIBLE));
    String release = driver.release().map(text -> text + ", ").orElse("");
    return new Gpus(
        reason.isEmpty() ? driver.gpus() : List.of(),
        reason,
        driver.cuda().map(cuda -> release + "for CUDA up to " + cuda).orElse("none"),
        runtime.isBuilt()
            ? runtime.version().map(CudaVersion::toString).orElse("of an unknown version")
            : "none, PyTorch is built for the CPU");
  }

  private static Optional<String> reason(CudaRuntime runtime, NvidiaDriver driver, String visible) {
    int needed = runtime.version().map(CudaVersion::major).orElse(0);
    if (!runtime.isBuilt()) {
      return Optional.of(
          "PyTorch in %s is built for the CPU; run with the one for CUDA (docs/cuda.md)"
              .formatted(runtime.folder()));
    } else if (driver.cuda().isEmpty()) {
      return Optional.of(
          "there is no NVIDIA driver (libcuda.so.1 cannot be loaded); install one%s"
              .formatted(needed == 0 ? "" : " for CUDA %d.0 or newer".formatted(needed)));
    } else if (driver.cuda().get().major() < needed) {
      return Optional.of(
          "the NVIDIA driver is for CUDA up to %s, and PyTorch's library is for CUDA %s; install a driver for CUDA %d.0 or newer"
              .formatted(driver.cuda().get(), runtime.version().get(), needed));
    } else if (driver.error() == NvidiaDriver.NO_DEVICE
        || (driver.error() == 0 && driver.gpus().isEmpty())) {
      return Optional.of(
          visible == null
              ? "the NVIDIA driver shows no GPU; see whether nvidia-smi lists one"
              : "the NVIDIA driver shows no GPU, and %s is \"%s\"; unset it, or name a GPU that nvidia-smi lists"
                  .formatted(VISIBLE, visible));
    } else if (driver.error() != 0 || runtime.error() != 0) {
      return Optional.of(
          "the NVIDIA driver cannot start (CUDA's error %d); see what nvidia-smi says"
              .formatted(driver.error() != 0 ? driver.error() : runtime.error()));
    }
    return Optional.empty();
  }
}
