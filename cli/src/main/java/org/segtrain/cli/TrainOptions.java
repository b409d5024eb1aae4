package org.segtrain.cli;

import java.nio.file.Path;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.train.DatasetVariant;
import org.segtrain.train.TrainConfig;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of a training run, in the groups in which {@code --help} shows them. */
final class TrainOptions {

  @ArgGroup(validate = false, heading = "%nModel and data:%n")
  final Model model = new Model();

  @ArgGroup(validate = false, heading = "%nRecipe; each data set has its own values:%n")
  final RecipeOptions recipe = new RecipeOptions();

  @ArgGroup(validate = false, heading = "%nWhere it runs:%n")
  final DeviceOptions device = new DeviceOptions();

  @ArgGroup(validate = false, heading = "%nThe run:%n")
  final Run run = new Run();

  /**
   * What these options train.
   *
   * @throws IllegalArgumentException if a value is refused or the backbone is missing
   */
  TrainConfig config() {
    if (model.backbone == null) {
      throw new IllegalArgumentException(
          "--backbone is missing; known: " + Presets.names(BackboneVariant.values()));
    }
    BackboneVariant backbone = Choice.of("backbone", BackboneVariant.values(), model.backbone);
    HeadVariant head =
        model.head == null ? Presets.HEAD : Choice.of("head", HeadVariant.values(), model.head);
    DatasetVariant dataset =
        model.dataset == null ? Presets.DATASET : Choice.dataset(model.dataset);
    Path data = DataFolder.of(dataset, model.data);
    return recipe.over(Presets.config(backbone, head, dataset, data));
  }

  /**
   * What these options make of the run in {@code saved}.
   *
   * @throws IllegalArgumentException if they name another model than it has, or a value is refused
   */
  TrainConfig continued(TrainConfig saved) {
    same("--backbone", model.backbone, saved.backbone());
    same("--head", model.head, saved.head());
    same("--dataset", model.dataset, saved.dataset());
    TrainConfig config = recipe.over(saved);
    return model.data == null ? config : config.withData(model.data.toString());
  }

  private static void same(String option, String given, String saved) {
    if (given != null && !given.equals(saved)) {
      throw new IllegalArgumentException(
          "the run was begun with %s %s, but now it is %s; leave it out to go on with the run"
              .formatted(option, saved, given));
    }
  }

  /** What is trained on what. */
  static final class Model {

    @Option(
        names = "--backbone",
        paramLabel = "NAME",
        description = "Backbone: ${bundle:backbones}. Required, but for --resume.")
    String backbone;

    @Option(
        names = "--head",
        paramLabel = "NAME",
        description = "Head: ${bundle:heads} (${bundle:head}).")
    String head;

    @Option(
        names = "--dataset",
        paramLabel = "NAME",
        description =
            "Kind of data: ${bundle:datasets} (${bundle:dataset}). shapes is generated; folder is"
                + " images/{training,validation}, annotations/{training,validation}, classes.txt.")
    String dataset;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data.")
    Path data;
  }

  /** Where the run is kept. */
  static final class Run {

    @Option(
        names = "--workers",
        paramLabel = "N",
        description = "Threads that prepare batches (${bundle:workers}).")
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
