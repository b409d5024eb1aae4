package org.segtrain.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segtrain.data.Ade20kDataset;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ShapesDataset;
import org.segtrain.errors.DataException;
import org.segtrain.names.Choice;

/** The kinds of data set, by name, with what is trained on each where nobody says otherwise. */
public enum DatasetVariant {
  /** Scenes drawn by the program: needs no files. A run of minutes, too short to overfit. */
  SHAPES(
      Overlay.of("data set shapes")
          .with("model.dropPath", 0)
          .with("model.dropout", 0)
          .with("data.crop", 128)
          .with("data.minScale", 1)
          .with("data.maxScale", 1)
          .with("data.photometric", false)
          .with("schedule.iterations", 2200)
          .with("schedule.batch", 4)
          .with("schedule.evalEvery", 1100)
          .with("optimizer.learningRate", 6e-4)
          .with("loss.classBalance", 0.5)),
  /** A folder of one's own photographs and masks. */
  FOLDER(
      Overlay.of("data set folder")
          .with("data.crop", 320)
          .with("data.minScale", 0.5)
          .with("data.maxScale", 2)
          .with("data.photometric", true)
          .with("schedule.iterations", 4000)
          .with("schedule.batch", 8)
          .with("schedule.evalEvery", 500)
          .with("optimizer.learningRate", 5e-4)),
  /** ADE20K in its official layout. */
  ADE20K(
      Overlay.of("data set ade20k")
          .with("data.crop", 512)
          .with("data.minScale", 0.5)
          .with("data.maxScale", 2)
          .with("data.photometric", true)
          .with("schedule.iterations", 40_000)
          .with("schedule.batch", 8)
          .with("schedule.evalEvery", 4000)
          .with("optimizer.learningRate", 1e-4));

  private final Overlay defaults;

  DatasetVariant(Overlay defaults) {
    this.defaults = defaults;
  }

  /** What is trained on it if nothing but the model is given. */
  public Overlay defaults() {
    return defaults.with("data.dataset", toString());
  }

  /**
   * Opens the data.
   *
   * @param data their folder; empty where none is needed
   * @throws DataException if they are not there or not as they should be
   */
  public Dataset open(String data) {
    return switch (this) {
      case SHAPES -> new ShapesDataset();
      case FOLDER -> FolderDataset.open(Path.of(data));
      case ADE20K -> Ade20kDataset.open(Path.of(data));
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

  /** The name at every border, {@code ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming those there are
   */
  public static DatasetVariant of(String name) {
    return Choice.of("dataset", values(), name);
  }
}
