package org.segtrain.cli.options;

import org.segtrain.cli.texts.GpuText;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.RunConfig;
import org.segtrain.cuda.Gpus;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where a command computes. */
@Command(optionListHeading = "%nWhere it runs:%n")
public final class DeviceOptions {

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      completionCandidates = NameLists.Devices.class,
      description = "Where to compute (${bundle:device}: the GPU if there is one).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine (the number of cores).")
  private Integer threads;

  /** What was asked for, or "auto". */
  public String device() {
    return device == null
        ? Defaults.device()
        : Defaults.DEVICES.get(new Choice("device", Defaults.DEVICES).index(device));
  }

  /**
   * Starts the engine; the number of threads counts only the first time.
   *
   * @throws org.segtrain.errors.DataException if a GPU was asked for and there is none
   */
  public Resources resources(int workers) {
    return Resources.start(device(), threads(), workers);
  }

  /** The threads that were asked for, as values of a configuration. */
  public Overlay overlay() {
    Overlay none = Overlay.of("option");
    return threads == null ? none : none.with("run.threads", threads);
  }

  /** Starts the engine as {@code config} says. */
  public Resources resources(RunConfig config, int workers) {
    return resources(0, config, workers);
  }

  /**
   * The same in one of several processes.
   *
   * @param localRank the number of its GPU, if it takes one
   */
  public Resources resources(int localRank, RunConfig config, int workers) {
    return Resources.start(device(), localRank, config.threads(), workers);
  }

  /** The same before the configuration is known. */
  public Resources resourcesOf(int localRank) {
    return Resources.start(device(), localRank, 1, 1);
  }

  /** Starts the engine on the best device, whatever was asked for. */
  public Resources anyDevice(int workers) {
    return Resources.start(Defaults.device(), threads(), workers);
  }

  /** What was asked for, or one per core. */
  public int threads() {
    return threads == null ? Defaults.cores() : threads;
  }

  /**
   * Refuses TF32 where it would have no effect.
   *
   * @throws UsageException if it has none
   */
  public static void check(Precision asked, Resources resources) {
    if (asked == Precision.TF32 && !resources.device().isGpu()) {
      throw new UsageException(
          "run.precision tf32 is for a GPU, but the device is the CPU; take fp32, which it computes exactly, or --device gpu");
    }
  }

  /** "gpu 0" with what it is, or "cpu with 2 threads". */
  public static String describe(Resources resources) {
    return resources.device().isGpu()
        ? GpuText.of(Gpus.find(), resources.device().getDeviceId())
        : "cpu with " + Counted.of(resources.threads(), "thread");
  }
}
