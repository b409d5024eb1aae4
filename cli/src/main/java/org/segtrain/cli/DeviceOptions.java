package org.segtrain.cli;

import org.segtrain.train.Resources;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions {

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      completionCandidates = Candidates.Devices.class,
      description = "Where to compute (${bundle:device}: the GPU if there is one).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine (${bundle:threads}).")
  private Integer threads;

  /** What was asked for, or "auto". */
  String device() {
    return device == null
        ? Presets.DEVICE
        : Presets.DEVICES.get(new Choice("device", Presets.DEVICES).index(device));
  }

  /** Starts the engine; the number of threads counts only the first time. */
  Resources resources(int workers) {
    return Resources.start(device(), threads == null ? Presets.cores() : threads, workers);
  }
}
