package org.segtrain.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.Ade20kDataset;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ShapesDataset;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.loss.LossMean;
import org.segtrain.names.Choice;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups;

/** The kinds of data set, by name, with the recipe for each where the user gives none. */
public enum DatasetVariant {
  /** Scenes drawn by the program: needs no files. A run of minutes, too short to overfit. */
  SHAPES(128, new Scales(1, 1), false, 2200, 4, 6e-4, 1100, false, 0.5),
  /** A folder of one's own photographs and masks. */
  FOLDER(320, new Scales(0.5, 2), true, 4000, 8, 5e-4, 500, true, 0),
  /** ADE20K in its official layout. */
  ADE20K(512, new Scales(0.5, 2), true, 40_000, 8, 1e-4, 4000, true, 0);

  private static final int WARMUP = 100;
  private static final double POWER = 0.9;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double CLIP = 1;

  /** Of the random resizing. */
  private record Scales(double smallest, double largest) {}

  private final int crop;

  private final Scales scales;

  private final boolean photometric;
  private final int iterations;
  private final int batch;
  private final double learningRate;
  private final int evalEvery;
  private final boolean regularized;
  private final double classBalance;

  DatasetVariant(
      int crop,
      Scales scales,
      boolean photometric,
      int iterations,
      int batch,
      double learningRate,
      int evalEvery,
      boolean regularized,
      double classBalance) {
    this.crop = crop;
    this.scales = scales;
    this.photometric = photometric;
    this.iterations = iterations;
    this.batch = batch;
    this.learningRate = learningRate;
    this.evalEvery = evalEvery;
    this.regularized = regularized;
    this.classBalance = classBalance;
  }

  /**
   * Opens the data.
   *
   * @param data their folder; may be null where none is needed
   * @throws DataException if they are not there or not as they should be
   */
  public Dataset open(Path data) {
    return switch (this) {
      case SHAPES -> new ShapesDataset();
      case FOLDER -> FolderDataset.open(data);
      case ADE20K -> Ade20kDataset.open(data);
    };
  }

  /** The names of its classes, if they are the same in each of its folders. */
  public Optional<List<String>> classes() {
    return switch (this) {
      case SHAPES -> Optional.of(new ShapesDataset().classes());
      case FOLDER -> Optional.empty();
      case ADE20K -> Optional.of(Ade20kDataset.readClasses());
    };
  }

  /**
   * What is trained on it if nothing but the model is given.
   *
   * @param data its folder, or null where none is needed
   */
  public TrainConfig recipe(BackboneVariant backbone, HeadVariant head, String data) {
    return new TrainConfig(
        backbone.toString(),
        head.toString(),
        toString(),
        data,
        iterations,
        batch,
        1,
        crop,
        scales.smallest(),
        scales.largest(),
        photometric,
        ImageRules.ALIGNED,
        learningRate,
        WARMUP,
        POWER,
        WEIGHT_DECAY,
        CLIP,
        regularized ? backbone.dropPath() : 0,
        regularized ? head.dropout() : 0,
        classBalance,
        LossMean.VALID,
        Precision.ofProcessor(),
        0,
        evalEvery,
        ParameterGroups.STANDARD,
        FineTuning.NONE,
        null);
  }

  /** The name at every border, {@code ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public static DatasetVariant of(String name) {
    return Choice.of("dataset", values(), name);
  }
}
