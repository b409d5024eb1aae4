package org.segtrain.cli;

import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a training run, in the groups in which {@code --help} shows them. */
final class TrainOptions {

  @Mixin final Model model = new Model();

  @Mixin final WeightsOptions weights = new WeightsOptions();

  @Mixin final PretrainedOptions pretrained = new PretrainedOptions();

  @Mixin final RecipeOptions numbers = new RecipeOptions();

  @Mixin final FineTuningOptions fineTuning = new FineTuningOptions();

  @Mixin final DeviceOptions device = new DeviceOptions();

  @Mixin final Run run = new Run();

  /**
   * What these options train.
   *
   * @throws IllegalArgumentException if a value is refused or the backbone is missing
   */
  TrainConfig config() {
    return withoutWeights().withWeights(weights.source());
  }

  private TrainConfig withoutWeights() {
    Recipe recipe = recipe();
    if (recipe == null && model.backbone == null) {
      throw new IllegalArgumentException(
          "--backbone is missing, or a --recipe; segtrain models and segtrain recipes list them");
    }
    DatasetVariant dataset = dataset(recipe);
    Path folder = DataFolder.of(dataset, model.data);
    String data = folder == null ? null : folder.toString();
    if (recipe != null) {
      Integer batch = numbers.batch();
      return over(batch == null ? recipe.config(data) : recipe.config(data, batch));
    }
    HeadVariant head = model.head == null ? Defaults.HEAD : HeadVariant.of(model.head);
    return over(dataset.recipe(BackboneVariant.of(model.backbone), head, data));
  }

  private DatasetVariant dataset(Recipe recipe) {
    if (model.dataset != null) {
      return DatasetVariant.of(model.dataset);
    }
    return recipe == null ? Defaults.DATASET : DatasetVariant.ADE20K;
  }

  /**
   * The recipe that was asked for, or null.
   *
   * @throws IllegalArgumentException if it is not known
   */
  Recipe recipe() {
    return model.recipe == null ? null : Recipe.of(model.recipe);
  }

  /**
   * {@code base} with the values that were given in the place of its own.
   *
   * @throws IllegalArgumentException if a value is refused
   */
  TrainConfig over(TrainConfig base) {
    TrainConfig config =
        numbers.over(
            base,
            model.backbone == null
                ? base.backbone()
                : BackboneVariant.of(model.backbone).toString(),
            model.head == null ? base.head() : HeadVariant.of(model.head).toString(),
            model.dataset == null ? base.dataset() : DatasetVariant.of(model.dataset).toString(),
            model.data == null ? base.data() : model.data.toString());
    return fineTuning.over(config);
  }

  /** What is trained on what. */
  @Command(optionListHeading = "%nModel and data:%n")
  static final class Model {

    @Option(
        names = "--recipe",
        paramLabel = "NAME",
        completionCandidates = Candidates.Recipes.class,
        description =
            "A published training, of those that segtrain recipes lists; options given besides"
                + " replace its values.")
    String recipe;

    @Option(
        names = "--backbone",
        paramLabel = "NAME",
        completionCandidates = Candidates.Backbones.class,
        description = "Backbone: ${bundle:backbones}. Required, but for --recipe and --resume.")
    String backbone;

    @Option(
        names = "--head",
        paramLabel = "NAME",
        completionCandidates = Candidates.Heads.class,
        description = "Head: ${bundle:heads} (${bundle:head}; with --recipe its own).")
    String head;

    @Option(
        names = "--dataset",
        paramLabel = "NAME",
        completionCandidates = Candidates.Datasets.class,
        description =
            "Kind of data: ${bundle:datasets} (${bundle:dataset}; with --recipe ade20k). shapes is generated; folder is"
                + " images/{training,validation}, annotations/{training,validation}, classes.txt.")
    String dataset;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data.")
    Path data;
  }

  /** Where the run is kept. */
  @Command(optionListHeading = "%nThe run:%n")
  static final class Run {

    @Option(
        names = "--workers",
        paramLabel = "N",
        description = "Threads that prepare batches (half the number of cores).")
    Integer workers;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "Folder of the run (runs/BACKBONE-HEAD-DATASET, numbered if it is taken).")
    Path out;

    @Option(
        names = "--resume",
        arity = "0..1",
        paramLabel = "DIR",
        fallbackValue = "",
        description =
            "Continue the run in DIR, or in --out, from its last checkpoint; options given now"
                + " replace the run's.")
    Path resume;
  }
}
