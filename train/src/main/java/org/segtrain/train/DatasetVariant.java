package org.segtrain.train;

import java.nio.file.Path;
import java.util.Locale;
import org.segtrain.data.Ade20kDataset;
import org.segtrain.data.DataException;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ShapesDataset;

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

  /** Side of the training crops, pixels. */
  public int crop() {
    return crop;
  }

  /** Optimiser steps. */
  public int iterations() {
    return iterations;
  }

  /** Images of one forward pass. */
  public int batch() {
    return batch;
  }

  /** Highest learning rate. */
  public double learningRate() {
    return learningRate;
  }

  /** Steps between evaluations. */
  public int evalEvery() {
    return evalEvery;
  }

  /** The name at every border, {@code ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
