package org.segtrain.cli.options;

import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.recipes.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which data are looked at, without a model. */
@Command
public final class DataOptions {

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description = "Kind of data: ${bundle:datasets} (folder).")
  private String dataset;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data.")
  private String data;

  /**
   * What a training on these data would be like.
   *
   * @param given other values
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Settings settings(Overlay given) {
    DatasetVariant variant = dataset == null ? DatasetVariant.FOLDER : DatasetVariant.of(dataset);
    String folder = DataFolder.of(variant, data == null ? "" : data);
    return Settings.ofOwnModel("none", variant)
        .over(Overlay.of("option").with("data.path", folder))
        .over(given);
  }
}
