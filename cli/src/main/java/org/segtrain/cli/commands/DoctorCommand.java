package org.segtrain.cli.commands;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.GpuText;
import org.segtrain.cli.texts.Table;
import org.segtrain.cli.texts.Version;
import org.segtrain.cuda.Gpu;
import org.segtrain.cuda.Gpus;
import org.segtrain.cuda.LoadedLibrary;
import org.segtrain.errors.Counted;
import org.segtrain.inference.Resources;
import org.segtrain.measure.internal.Bfloat16Speed;
import org.segtrain.measure.internal.Memory;
import org.segtrain.train.internal.ResidentMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code segtrain doctor}: the engine and the devices of a run, found out by asking and by trying.
 */
@Command(
    name = "doctor",
    description = "Shows engine, devices, threads, bf16 support and memory.",
    footer = {"", "With --device gpu it fails if there is no GPU."})
public final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DeviceOptions options = new DeviceOptions();

  @Override
  public Integer call() throws IOException {
    Table table = new Table("segtrain", new Version().getVersion()[0].replaceFirst("^\\S+ ", ""));
    PrintWriter out = spec.commandLine().getOut();
    try {
      diagnose(table);
    } finally { // what is known helps most where something is wrong
      out.print(table.text());
      out.flush();
    }
    return ExitCode.OK;
  }

  private void diagnose(Table table) throws IOException {
    Usage usage = new Usage(spec);
    table.add(
        "java", "%s, %s %s".formatted(Runtime.version(), os(), System.getProperty("os.arch")));
    Resources any = usage.of(() -> options.anyDevice(1));
    Engine engine = Engine.getEngine("PyTorch");
    table.add("engine", "%s %s".formatted(engine.getEngineName(), engine.getVersion()));
    table.add(
        "library", LoadedLibrary.find("libtorch").map(Path::toString).orElse("unknown on " + os()));
    table.add("cache", Utils.getEngineCacheDir("pytorch").toString());
    table.add("threads", "%d of %s".formatted(any.threads(), Counted.of(Defaults.cores(), "core")));
    table.add("memory", memory());
    gpus(table);
    Resources resources = usage.of(() -> options.resources(1));
    table.add(
        "device",
        "%s (--device %s)".formatted(DeviceOptions.describe(resources), options.device()));
    table.add("bf16", Bfloat16Speed.onDevice(resources.device()));
  }

  private static String os() {
    return System.getProperty("os.name");
  }

  private static void gpus(Table table) {
    Gpus gpus = Gpus.find();
    table.add("driver", gpus.driver());
    table.add("CUDA", gpus.library());
    if (!gpus.all().isEmpty()) {
      table.add("TF32", GpuText.tf32());
    }
    table.add("GPUs", gpus.reason().map(why -> "none: " + why).orElse("" + gpus.all().size()));
    for (int i = 0; i < gpus.all().size(); i++) {
      Gpu gpu = gpus.all().get(i);
      String bf16 = gpu.hasBfloat16() ? "bf16 by its matrix units" : "no matrix units for bf16";
      table.add("gpu " + i, "%s, %s".formatted(GpuText.of(gpu), bf16));
    }
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
