package org.segtrain.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.export.Original;
import org.segtrain.heads.HeadVariant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A model with new weights, in the place of a trained one. */
@Command(optionListHeading = "%nA model with new weights, in the place of a run:%n")
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

  @Option(names = "--classes", paramLabel = "N", description = "Number of classes.")
  private Integer classes;

  @Option(names = "--seed", paramLabel = "N", description = "Of the weights (${bundle:seed}).")
  private Integer seed;

  /** Whether any of them was given. */
  boolean given() {
    return Stream.of(backbone, head, classes, seed).anyMatch(Objects::nonNull);
  }

  /**
   * The model.
   *
   * @throws IllegalArgumentException if it is not said what it is, or a value is refused
   */
  Original model() {
    if (backbone == null || classes == null) {
      throw new IllegalArgumentException(
          "give the folder of a run or a checkpoint; or, for new weights, both --backbone and"
              + " --classes");
    }
    return Original.fresh(
        BackboneVariant.of(backbone),
        head == null ? Defaults.HEAD : HeadVariant.of(head),
        classes,
        seed == null ? 0 : seed);
  }
}
