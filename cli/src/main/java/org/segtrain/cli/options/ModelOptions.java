package org.segtrain.cli.options;

import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Recipe;
import picocli.CommandLine.Option;

/** The model and its preparation of photographs, which a file of weights does not have. */
public abstract class ModelOptions {

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      completionCandidates = NameLists.Recipes.class,
      description =
          "The published training that the weights come from: its backbone, head, images and crop,"
              + " unless options override them.")
  private String recipe;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      completionCandidates = NameLists.Backbones.class,
      description = "Backbone; segtrain models lists them. Required without --recipe.")
  private String backbone;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      completionCandidates = NameLists.Heads.class,
      description = "Head; segtrain models lists them (${bundle:head}; with --recipe its own).")
  private String head;

  @Option(
      names = "--one-logit",
      negatable = true,
      description =
          "Whether the head has one logit for its two classes (${bundle:model.oneLogit}).")
  private Boolean oneLogit;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|openseg|hrformer",
      completionCandidates = NameLists.Images.class,
      description =
          "How photographs are prepared, as in training (${bundle:data.images}; with --recipe its own).")
  private String images;

  /** The recipe that is given, or null. */
  public final Recipe recipe() {
    return recipe == null ? null : Recipe.of(recipe);
  }

  /** The recipe's configuration; null if none is given. */
  public final TrainConfig published() {
    return recipe == null ? null : recipe().config();
  }

  /** The backbone that is given, or that of the recipe; null if there is neither. */
  public final BackboneVariant backbone() {
    if (backbone != null) {
      return BackboneVariant.of(backbone);
    }
    return recipe == null ? null : BackboneVariant.of(published().model().backbone());
  }

  /** The head that is given, or that of the recipe, or the usual one. */
  public final HeadVariant head() {
    if (head != null) {
      return HeadVariant.of(head);
    }
    return recipe == null ? Defaults.HEAD : HeadVariant.of(published().model().head());
  }

  /** Whether the head has one logit for two classes. */
  public final boolean oneLogit() {
    return oneLogit != null && oneLogit;
  }

  /** The rules that are given, or those of the recipe, or {@code otherwise}. */
  public final ImageRules images(ImageRules otherwise) {
    if (images != null) {
      return ImageRules.of(images);
    }
    return recipe == null ? otherwise : published().data().images();
  }

  /** Whether any of them was given. */
  public boolean given() {
    return Stream.of(recipe, backbone, head, oneLogit, images).anyMatch(Objects::nonNull);
  }
}
