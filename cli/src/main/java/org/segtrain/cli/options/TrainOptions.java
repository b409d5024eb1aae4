package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.Configuration;
import org.segtrain.config.DataConfig;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.TrainedModel;
import org.segtrain.names.Choice;
import org.segtrain.recipes.Recipe;
import org.segtrain.recipes.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a training run, in the groups in which {@code --help} shows them. */
public final class TrainOptions {

  @Mixin public final Model model = new Model();

  @Mixin public final FilesOptions files = new FilesOptions();

  @Mixin public final WeightsOptions weights = new WeightsOptions();

  @Mixin public final PretrainedOptions pretrained = new PretrainedOptions();

  @Mixin public final NumberOptions numbers = new NumberOptions();

  @Mixin public final LearningOptions learning = new LearningOptions();

  @Mixin public final AugmentationOptions augmentation = new AugmentationOptions();

  @Mixin public final EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin public final FineTuningOptions fineTuning = new FineTuningOptions();

  @Mixin public final DeviceOptions device = new DeviceOptions();

  @Mixin public final ProcessOptions processes = new ProcessOptions();

  @Mixin public final RunOptions run = new RunOptions();

  /** The recipe that was asked for. */
  public Optional<Recipe> recipe() {
    return Optional.ofNullable(model.recipe).map(Recipe::of);
  }

  /**
   * What these options ask for.
   *
   * @throws org.segtrain.errors.UsageException if a value is refused or the backbone is missing
   */
  public Configuration configuration() {
    return effective(
        named(
            given -> {
              requireBackbone(given);
              List<Overlay> layers = new ArrayList<>(given);
              layers.add(0, processes.shared());
              layers.add(processes.counted());
              return located(all -> new Settings(recipe(), all).resolve(), layers);
            }));
  }

  private Configuration effective(Configuration asked) {
    TrainConfig config = asked.config();
    BooleanSupplier hasAuxiliary = () -> hasAuxiliaryScores(config);
    requireKnown();
    model.refuseIdle(config);
    files.refuseIdle(config);
    pretrained.refuseIdle();
    numbers.refuseIdle(config, hasAuxiliary);
    learning.refuseIdle(config, hasAuxiliary);
    augmentation.refuseIdle(config);
    evaluation.refuseIdle(config.evaluation());
    fineTuning.refuseIdle(config);
    processes.refuseIdle(config);
    learning.requireRate(asked);
    return asked;
  }

  /** Refuses unknown names in options that are no values of a configuration. */
  private void requireKnown() {
    OnError.of(run.onError);
    device.device();
    pretrained.requireKnown();
  }

  private static boolean hasAuxiliaryScores(TrainConfig config) {
    int classes = 2; // any number: it makes no difference
    return TrainedModel.of(config, classes).lossWeights().size() > 1;
  }

  private void requireBackbone(List<Overlay> given) {
    if (recipe().isEmpty() && given.stream().noneMatch(layer -> layer.has("model.backbone"))) {
      throw new UsageException(
          "--backbone or --recipe is missing; segtrain models and segtrain recipes list them");
    }
  }

  /**
   * {@code begun}, with what these options ask for in its place.
   *
   * @param origin of its values
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Configuration over(String origin, TrainConfig begun) {
    learning.refuseOther(begun.optimizer().kind());
    return effective(
        named(
            given -> {
              List<Overlay> layers = new ArrayList<>(given);
              layers.add(0, Overlay.of(origin, begun));
              layers.add(1, processes.goingOn(begun.schedule(), layers));
              layers.add(processes.counted());
              return located(Configuration::of, layers);
            }));
  }

  /** With the usual folder of the data, if none is given. */
  private static Configuration located(
      Function<List<Overlay>, Configuration> resolve, List<Overlay> layers) {
    Configuration asked = resolve.apply(layers);
    DataConfig data = asked.config().data();
    if (!data.parts().isEmpty()) {
      return asked;
    }
    String folder = DataFolder.of(DatasetVariant.of(data.dataset()), data.path());
    if (folder.equals(data.path())) {
      return asked;
    }
    List<Overlay> found = new ArrayList<>(layers);
    found.add(layers.size() - 1, Overlay.of("found here").with("data.path", folder));
    return resolve.apply(found);
  }

  /** Names the file in a refusal that its values cause. */
  private Configuration named(Function<List<Overlay>, Configuration> resolve) {
    List<Overlay> given = given();
    try {
      return resolve.apply(given);
    } catch (UsageException e) {
      if (model.config != null && (hasUnknownName(given) || isResolved(resolve, given))) {
        throw new DataException("%s: %s".formatted(model.config, e.getMessage()), e);
      }
      throw e;
    }
  }

  /** Whether the file has an unknown name that no option replaces. */
  private static boolean hasUnknownName(List<Overlay> given) {
    return isUnknown("model.backbone", BackboneVariant.values(), given)
        || isUnknown("model.head", HeadVariant.values(), given)
        || isUnknown("data.dataset", DatasetVariant.values(), given);
  }

  private static boolean isUnknown(String key, Object[] known, List<Overlay> given) {
    Overlay file = given.get(given.size() - 2);
    Overlay options = given.get(given.size() - 1);
    return !options.has(key)
        && file.text(key).filter(name -> !Choice.names(known).contains(name)).isPresent();
  }

  private static boolean isResolved(
      Function<List<Overlay>, Configuration> resolve, List<Overlay> given) {
    try {
      Overlay names = given.get(0).only("model.backbone", "data.dataset");
      return resolve.apply(List.of(names, given.get(1))).config() != null;
    } catch (UsageException e) {
      return false; // the options are wrong, too
    }
  }

  /** The file's values, then the options'. */
  private List<Overlay> given() {
    List<Overlay> layers = new ArrayList<>();
    if (model.config != null) {
      layers.add(ConfigFile.read(model.config));
    }
    layers.add(
        model
            .overlay()
            .with(files.overlay())
            .with(numbers.overlay())
            .with(learning.overlay())
            .with(augmentation.overlay())
            .with(evaluation.overlay())
            .with(fineTuning.overlay())
            .with(device.overlay())
            .with(processes.overlay())
            .with(run.overlay())
            .with(weights.overlay()));
    return layers;
  }

  /** The model and the data. */
  @Command(optionListHeading = "%nModel and data:%n")
  public static final class Model {

    @Option(
        names = "--recipe",
        paramLabel = "NAME",
        completionCandidates = NameLists.Recipes.class,
        description =
            "A published training; segtrain recipes lists them. Other options override its values.")
    public String recipe;

    @Option(
        names = "--backbone",
        paramLabel = "NAME",
        completionCandidates = NameLists.Backbones.class,
        description = "Backbone: ${bundle:backbones}. Required without --recipe or --resume.")
    private String backbone;

    @Option(
        names = "--head",
        paramLabel = "NAME",
        completionCandidates = NameLists.Heads.class,
        description = "Head: ${bundle:heads} (${bundle:head}; with --recipe its own).")
    private String head;

    @Option(
        names = "--one-logit",
        negatable = true,
        description =
            "Give a head of two classes one logit, that of the second class"
                + " (${bundle:model.oneLogit}).")
    private Boolean oneLogit;

    @Option(
        names = "--dataset",
        paramLabel = "NAME",
        completionCandidates = NameLists.Datasets.class,
        description =
            "Kind of data: ${bundle:datasets} (${bundle:dataset}; with --recipe ade20k). shapes is generated; folder is"
                + " your own, with classes.txt. segtrain datasets lists them.")
    private String dataset;

    @Option(
        names = "--data",
        paramLabel = "DIR[=WEIGHT]",
        description =
            "Folder of the data. Repeatable: folders of the same classes are joined. WEIGHT is"
                + " how often each training image comes in an epoch, on average (1).")
    private List<String> data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "Values as JSON, such as the config.json of a run or the output of segtrain config"
                + " --json; options override them.")
    public Path config;

    private void refuseIdle(TrainConfig config) {
      Idle.refuse("--data", data, FilesOptions.FILES, () -> FilesOptions.hasFiles(config));
    }

    /** The given values. */
    public Overlay overlay() {
      return new GivenValues()
          .set("model.backbone", backbone)
          .set("model.head", head)
          .set("model.oneLogit", oneLogit)
          .set("data.dataset", dataset)
          .overlay()
          .with(DataFolder.overlay(data));
    }
  }
}
