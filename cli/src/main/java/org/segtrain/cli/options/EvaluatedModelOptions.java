package org.segtrain.cli.options;

import java.util.Objects;
import java.util.stream.Stream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.names.Choice;
import org.segtrain.recipes.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The model of a file of weights that is to be run. */
@Command(optionListHeading = "%nThe model that --weights belong to:%n")
public final class EvaluatedModelOptions extends ModelOptions {

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description =
          "Short edge that photographs are resized to (${bundle:data.crop}; with --recipe its own).")
  private Integer crop;

  @Option(
      names = "--precision",
      paramLabel = "fp32|tf32|bf16",
      completionCandidates = NameLists.Precisions.class,
      description =
          "Arithmetic of activations; tf32 on a GPU only (that of the run; with --weights bf16 if the processor has"
              + " instructions for it, else fp32; with --recipe fp32).")
  private String precision;

  /** The given kind of data; if it is null that of the recipe, or else {@code otherwise}. */
  public DatasetVariant dataset(String given, DatasetVariant otherwise) {
    if (given != null) {
      return DatasetVariant.of(given);
    }
    return published() == null ? otherwise : DatasetVariant.ADE20K;
  }

  /**
   * A configuration of that model.
   *
   * @param dataset whose numbers hold where neither options nor a recipe give others
   * @throws UsageException if the backbone is missing or a name is not known
   */
  public TrainConfig config(DatasetVariant dataset) {
    BackboneVariant backbone = backbone();
    if (backbone == null) {
      throw new UsageException(
          "--weights needs --backbone and --head, or a --recipe, since a file of weights does"
              + " not name its model; segtrain weights inspect FILE guesses it");
    }
    Settings base =
        recipe() == null ? Settings.of(backbone, head(), dataset) : Settings.of(recipe());
    GivenValues values = new GivenValues();
    values.set("model.backbone", backbone.toString());
    values.set("model.head", head().toString());
    values.set("model.oneLogit", oneLogit());
    values.set("data.images", images(ImageRules.ALIGNED));
    values.set("data.crop", crop);
    values.set("run.precision", precision);
    return base.over(values.overlay()).config();
  }

  @Override
  public boolean given() {
    return super.given() || crop != null;
  }

  /**
   * Refuses a given precision that has no effect on a device.
   *
   * @throws UsageException if it has none
   */
  public void check(Resources resources) {
    if (precision != null) {
      DeviceOptions.check(Choice.of("precision", Precision.values(), precision), resources);
    }
  }

  /** The values that replace those of a run: its precision alone. */
  public Overlay overlay() {
    return new GivenValues().set("run.precision", precision).overlay();
  }

  /**
   * Does nothing if no option is given whose value a run has.
   *
   * @param more options that go with these only; null if they are not given
   * @throws UsageException if any is given
   */
  public void refuseWithRun(Object... more) {
    if (given() || Stream.of(more).anyMatch(Objects::nonNull)) {
      throw new UsageException(
          "a run, checkpoint or exported file has its model and classes; leave --recipe,"
              + " --backbone, --head, --one-logit, --images, --crop and --classes out (--eval-size is"
              + " the size of photographs), or give its weights with --weights");
    }
  }
}
