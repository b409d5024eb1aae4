package org.segtrain.train;

import java.nio.file.Path;
import java.util.Locale;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.Ade20kDataset;
import org.segtrain.data.DataException;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ShapesDataset;
import org.segtrain.heads.HeadVariant;

/** The kinds of data set, by name, with the settings that suit each where the user gives none. */
public enum DatasetVariant {
  /** Scenes drawn by the program: needs no files. */
  SHAPES(128, 1500, 8, 5e-4, 250),
  /** A folder of one's own photographs and masks. */
  FOLDER(320, 4000, 8, 2e-4, 500),
  /** ADE20K in its official layout. */
  ADE20K(512, 40_000, 8, 1e-4, 4000);

  private final int crop;
  private final int iterations;
  private final int batch;
  private final double learningRate;
  private final int evalEvery;

  DatasetVariant(int crop, int iterations, int batch, double learningRate, int evalEvery) {
    this.crop = crop;
    this.iterations = iterations;
    this.batch = batch;
    this.learningRate = learningRate;
    this.evalEvery = evalEvery;
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
        0.5,
        2,
        learningRate,
        100,
        1e-4,
        1,
        backbone.dropPath(),
        head.dropout(),
        Precision.FP32,
        0,
        evalEvery,
        ParameterGroups.STANDARD);
  }

  /** The name at every border, {@code ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
