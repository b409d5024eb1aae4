package org.segtrain.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.FolderDataset;
import org.segtrain.export.Original;
import org.segtrain.heads.HeadVariant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A model with new or foreign weights, in the place of a run. */
@Command(optionListHeading = "%nIn the place of a run, a model with new weights or --weights:%n")
final class NewModelOptions {

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      completionCandidates = Candidates.Backbones.class,
      description = "Backbone, of those that segtrain models lists.")
  private String backbone;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      completionCandidates = Candidates.Heads.class,
      description = "Head, of those that segtrain models lists (${bundle:head}).")
  private String head;

  @Option(
      names = "--classes",
      paramLabel = "N|FILE",
      description = "Number of classes, or a list of them, one name a line.")
  private String classes;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = Candidates.Images.class,
      description =
          "How photographs were prepared when --weights were trained; hrformer means blue first"
              + " (aligned).")
  private String images;

  @Option(names = "--seed", paramLabel = "N", description = "Of new weights (0).")
  private Integer seed;

  /** Whether any of them was given. */
  boolean given() {
    return Stream.of(backbone, head, classes, images, seed).anyMatch(Objects::nonNull);
  }

  /**
   * The model.
   *
   * @throws IllegalArgumentException if it is not said what it is, or a value is refused
   */
  Original model() {
    if (backbone == null || classes == null) {
      throw new IllegalArgumentException(
          "give the folder of a run or a checkpoint; or, for new weights or --weights, both"
              + " --backbone and --classes");
    }
    return Original.fresh(
        BackboneVariant.of(backbone),
        head == null ? Defaults.HEAD : HeadVariant.of(head),
        names(),
        images == null ? ImageRules.ALIGNED : ImageRules.of(images),
        seed == null ? 0 : seed);
  }

  private List<String> names() {
    return classes.matches("-?\\d{1,9}")
        ? Original.names(Integer.parseInt(classes))
        : FolderDataset.readClasses(Path.of(classes));
  }
}
