package org.segtrain.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.names.Choice;
import org.segtrain.recipes.Recipe;
import org.segtrain.train.DatasetVariant;
import org.segtrain.train.Precision;
import org.segtrain.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a file of weights does not say: the model, and how photographs are prepared for it. */
@Command(optionListHeading = "%nWhat --weights are of:%n")
final class ModelOptions {

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      completionCandidates = Candidates.Recipes.class,
      description =
          "The published training that they come from; it says all of the following, unless"
              + " they are given.")
  private String recipe;

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
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Short edge that photographs are resized to (${bundle:crop}).")
  private Integer crop;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = Candidates.Images.class,
      description = "How photographs are prepared, as in training (${bundle:images}).")
  private String images;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = Candidates.Precisions.class,
      description = "Arithmetic (bf16 if the processor has instructions for it, else fp32).")
  private String precision;

  /** The given kind of data; if it is null that of the recipe, or else {@code otherwise}. */
  DatasetVariant dataset(String given, DatasetVariant otherwise) {
    if (given != null) {
      return DatasetVariant.of(given);
    }
    return recipe == null ? otherwise : DatasetVariant.ADE20K;
  }

  /**
   * A configuration of that model.
   *
   * @param dataset whose numbers hold where neither options nor a recipe give others
   * @throws IllegalArgumentException if the backbone is missing or a name is not known
   */
  TrainConfig config(DatasetVariant dataset) {
    TrainConfig base = base(dataset);
    return base.reading(
        images == null ? base.images() : ImageRules.of(images),
        crop == null ? base.crop() : crop,
        precision == null
            ? base.precision()
            : Choice.of("precision", Precision.values(), precision));
  }

  private TrainConfig base(DatasetVariant dataset) {
    HeadVariant decoder = head == null ? Defaults.HEAD : HeadVariant.of(head);
    BackboneVariant encoder = backbone == null ? null : BackboneVariant.of(backbone);
    if (recipe == null && encoder == null) {
      throw new IllegalArgumentException(
          "--weights needs --backbone and --head, or a --recipe, since a file of weights does not"
              + " say what it is of; segtrain weights inspect FILE guesses it");
    } else if (recipe == null) {
      return dataset.recipe(encoder, decoder, null);
    }
    TrainConfig published = Recipe.of(recipe).config(null);
    return new RecipeOptions()
        .over(
            published,
            encoder == null ? published.backbone() : encoder.toString(),
            head == null ? published.head() : decoder.toString(),
            published.dataset(),
            published.data());
  }

  /**
   * Does nothing if none is given, since a run says it all.
   *
   * @param more options that go with these only; null if they are not given
   * @throws IllegalArgumentException if any is given
   */
  void refuseWithRun(Object... more) {
    if (Stream.of(recipe, backbone, head, crop, images, precision).anyMatch(Objects::nonNull)
        || Stream.of(more).anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(
          "a run or checkpoint says what its model and its classes are; leave those options out, or"
              + " give its weights with --weights");
    }
  }
}
