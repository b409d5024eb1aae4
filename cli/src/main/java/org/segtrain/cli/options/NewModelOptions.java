package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.FolderDataset;
import org.segtrain.errors.UsageException;
import org.segtrain.export.ExportSource;
import org.segtrain.export.ExportSource.Photographs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A model with new or foreign weights, in the place of a run. */
@Command(optionListHeading = "%nInstead of a run, a model with new weights or with --weights:%n")
public final class NewModelOptions extends ModelOptions {

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description =
          "Size at which --weights were evaluated: the short edge of photographs; with --images"
              + " hrformer the smallest one (that of the recipe; without one photographs keep their"
              + " size).")
  private Integer crop;

  @Option(
      names = "--classes",
      paramLabel = "N|FILE",
      description = "Number of classes, or a file with their names, one a line; required.")
  private String classes;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of new weights (0).")
  private Integer seed;

  @Override
  public boolean given() {
    return super.given() || Stream.of(crop, classes, seed).anyMatch(Objects::nonNull);
  }

  /**
   * The model.
   *
   * @throws org.segtrain.errors.UsageException if the model is not given, or a value is refused
   */
  public ExportSource model() {
    BackboneVariant backbone = backbone();
    if (backbone == null || classes == null) {
      throw new UsageException(
          "give the folder of a run or a checkpoint; or, for new weights or --weights, both"
              + " --backbone (or --recipe) and --classes");
    }
    return ExportSource.fresh(
        backbone, head(), oneLogit(), names(), photographs(), seed == null ? 0 : seed);
  }

  private Photographs photographs() {
    ImageRules rules = images(ImageRules.ALIGNED);
    if (crop != null) {
      return Photographs.of(rules, crop);
    }
    TrainConfig published = published();
    return published == null
        ? Photographs.ofOwnSize(rules)
        : Photographs.of(published.with("data.images", rules));
  }

  private List<String> names() {
    return classes.matches("-?\\d{1,9}")
        ? ExportSource.names(Integer.parseInt(classes))
        : FolderDataset.readClasses(Path.of(classes));
  }
}
