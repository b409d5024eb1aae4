package org.segtrain.cli.options;

import java.nio.file.Path;
import org.segtrain.config.Overlay;
import org.segtrain.config.WeightsSource;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Weights that were made elsewhere, or by another run. */
@Command(optionListHeading = "%nWeights from a file:%n")
public final class WeightsOptions {

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Checkpoint of the whole model or its backbone: official, MMSegmentation's,"
              + " segtrain's, TorchScript or safetensors.")
  private Path weights;

  @Option(
      names = "--weights-part",
      paramLabel = "NAME",
      description =
          "Part of FILE that holds the weights, such as state_dict_ema (state_dict, model or the"
              + " whole file).")
  private String part;

  /**
   * What was asked for.
   *
   * @throws UsageException if there is a part of nothing
   */
  public WeightsSource source() {
    if (weights == null && part != null) {
      throw new UsageException(
          "--weights-part %s has no --weights; name the file that it is a part of".formatted(part));
    }
    return weights == null
        ? WeightsSource.NONE
        : new WeightsSource(weights.toString(), part == null ? "" : part);
  }

  /** The same as values of a configuration. */
  public Overlay overlay() {
    WeightsSource source = source();
    return source.isGiven() ? source.overlay("option") : Overlay.of("option");
  }
}
