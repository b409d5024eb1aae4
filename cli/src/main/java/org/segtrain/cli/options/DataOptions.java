package org.segtrain.cli.options;

import java.util.List;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.recipes.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The data of a command without a model. */
@Command
public final class DataOptions {

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description = "Kind of data: ${bundle:datasets} (folder).")
  private String dataset;

  @Option(
      names = "--data",
      paramLabel = "DIR[=WEIGHT]",
      description = "Folder of the data. Repeatable: folders of the same classes are joined.")
  private List<String> data;

  /**
   * The configuration of a training on these data.
   *
   * @param given other values
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Settings settings(Overlay given) {
    DatasetVariant variant = dataset == null ? DatasetVariant.FOLDER : DatasetVariant.of(dataset);
    Overlay folders =
        data == null
            ? Overlay.of("found here").with("data.path", DataFolder.of(variant, ""))
            : DataFolder.overlay(data);
    return Settings.ofOwnModel("none", variant).over(folders).over(given);
  }
}
