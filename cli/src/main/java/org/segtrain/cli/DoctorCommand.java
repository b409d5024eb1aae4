package org.segtrain.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.torchscript.Aten;
import org.segtrain.train.ResidentMemory;
import org.segtrain.train.Resources;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code segtrain doctor}: what a run would compute with, found out by asking and by trying. */
@Command(
    name = "doctor",
    description = "Shows the engine, devices, threads, bf16 support and memory.",
    footer = {"", "With --device gpu it fails if there is no GPU."})
final class DoctorCommand implements Callable<Integer> {

  private static final int SIDE = 1024; // of the matrices that are timed

  @Spec private CommandSpec spec;

  @ArgGroup(validate = false)
  private final DeviceOptions options = new DeviceOptions();

  @Override
  public Integer call() throws IOException {
    Table table = new Table("segtrain", new Version().getVersion()[0].replaceFirst("^\\S+ ", ""));
    table.add(
        "java", "%s, %s %s".formatted(Runtime.version(), os(), System.getProperty("os.arch")));
    Resources resources = new Usage(spec).of(() -> options.resources(1));
    Engine engine = Engine.getEngine("PyTorch");
    table.add("engine", "%s %s".formatted(engine.getEngineName(), engine.getVersion()));
    table.add("library", library());
    table.add("cache", Utils.getEngineCacheDir("pytorch").toString());
    table.add("GPUs", String.valueOf(engine.getGpuCount()));
    table.add("device", "%s (--device %s)".formatted(resources.device(), options.device()));
    table.add("threads", "%d of %d cores".formatted(resources.threads(), Presets.cores()));
    table.add("bf16", bfloat16(resources.device()));
    table.add("memory", memory());
    PrintWriter out = spec.commandLine().getOut();
    out.print(table.text());
    out.flush();
    return ExitCode.OK;
  }

  private static String os() {
    return System.getProperty("os.name");
  }

  /** The folder that the engine's library was loaded from, as Linux knows it. */
  private static String library() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return "unknown on " + os();
    }
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .filter(line -> line.endsWith("libtorch.so") || line.contains("libtorch_cpu"))
          .map(line -> line.replaceFirst("^[^/]*", ""))
          .findFirst()
          .orElse("not loaded");
    }
  }

  /** How much faster matrices are multiplied in bfloat16, and the instructions for it, if any. */
  private static String bfloat16(Device device) throws IOException {
    try (NDManager manager = NDManager.newBaseManager(device)) {
      NDArray x = manager.randomNormal(new Shape(SIDE, SIDE));
      NDArray y = Aten.toBfloat16(x);
      double ratio = seconds(y) / seconds(x);
      return String.format(
          Locale.ROOT,
          "a product of %d x %d matrices takes %.2f of its time in fp32; processor: %s",
          SIDE,
          SIDE,
          ratio,
          flags());
    }
  }

  /** The shortest of ten products, so that neither warming up nor a busy machine counts. */
  private static double seconds(NDArray x) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      try (NDArray product = x.matMul(x);
          NDArray sum = Aten.toFloat32(product.sum())) {
        sum.getFloat(); // waits for a GPU
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
    }
    return best;
  }

  private static String flags() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "unknown on " + os();
    }
    String text = Files.readString(info);
    String found =
        Stream.of("amx_bf16", "avx512_bf16", "avx512f", "avx2")
            .filter(flag -> Pattern.compile("\\b" + flag + "\\b").matcher(text).find())
            .collect(Collectors.joining(", "));
    return found.isEmpty() ? "none of amx_bf16, avx512_bf16, avx512f, avx2" : found;
  }

  private static String memory() {
    return "machine %s, Java heap at most %s, this process %s"
        .formatted(
            Memory.size(Memory.machine()),
            Memory.size(Memory.heapMax()),
            ResidentMemory.now().isPresent()
                ? Memory.size(ResidentMemory.now().getAsLong())
                : "unknown");
  }
}
