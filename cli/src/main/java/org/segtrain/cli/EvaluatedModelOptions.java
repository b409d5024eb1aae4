package org.segtrain.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The model of a file of weights that is to be run. */
@Command(optionListHeading = "%nThe model that --weights belong to:%n")
final class EvaluatedModelOptions extends ModelOptions {

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description =
          "Short edge that photographs are resized to (${bundle:crop}; with --recipe its own).")
  private Integer crop;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = Candidates.Precisions.class,
      description =
          "Arithmetic of activations (bf16 if the processor has instructions for it, else fp32).")
  private String precision;

  /** The given kind of data; if it is null that of the recipe, or else {@code otherwise}. */
  DatasetVariant dataset(String given, DatasetVariant otherwise) {
    if (given != null) {
      return DatasetVariant.of(given);
    }
    return published() == null ? otherwise : DatasetVariant.ADE20K;
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
        images(base.images()),
        crop == null ? base.crop() : crop,
        precision == null
            ? base.precision()
            : Choice.of("precision", Precision.values(), precision));
  }

  private TrainConfig base(DatasetVariant dataset) {
    BackboneVariant backbone = backbone();
    if (backbone == null) {
      throw new IllegalArgumentException(
          "--weights needs --backbone and --head, or a --recipe, since a file of weights does not"
              + " say what it is of; segtrain weights inspect FILE guesses it");
    }
    TrainConfig published = published();
    return published == null
        ? dataset.recipe(backbone, head(), null)
        : new RecipeOptions()
            .over(
                published,
                backbone.toString(),
                head().toString(),
                published.dataset(),
                published.data());
  }

  @Override
  boolean given() {
    return super.given() || crop != null || precision != null;
  }

  /**
   * Does nothing if none is given, since a run says it all.
   *
   * @param more options that go with these only; null if they are not given
   * @throws IllegalArgumentException if any is given
   */
  void refuseWithRun(Object... more) {
    if (given() || Stream.of(more).anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(
          "a run or checkpoint says what its model and its classes are; leave those options out, or"
              + " give its weights with --weights");
    }
  }
}
