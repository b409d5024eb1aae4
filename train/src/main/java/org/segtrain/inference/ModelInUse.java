package org.segtrain.inference;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Confidences;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.metrics.Evaluation;

/**
 * A model that segments photographs, wherever it comes from. One thread at a time may use it, until
 * it is closed.
 */
public interface ModelInUse extends AutoCloseable {

  /** The file it was read from. */
  Path file();

  /** Where it comes from, for people: lines. */
  List<String> origin();

  /** How it is used, and how it was trained as far as the file says. */
  TrainConfig config();

  /** The names of the classes. */
  List<String> classes();

  /** Their colours. */
  Palette palette();

  /** The class of each pixel, row by row, at the photograph's own size. */
  default byte[] segment(Photograph photograph) {
    return segment(photograph, EvaluationProgress.NONE);
  }

  /**
   * The same.
   *
   * @param progress is told of its windows
   */
  byte[] segment(Photograph photograph, EvaluationProgress progress);

  /**
   * Does nothing if there are scores, from which probabilities come.
   *
   * @throws org.segtrain.errors.UsageException if the model gives classes alone
   */
  default void requireScores() {}

  /**
   * The class of each pixel, and how probable the model takes it to be.
   *
   * @param progress is told of its windows
   * @param into takes the probabilities; of the size of the photograph
   * @throws org.segtrain.errors.UsageException if the model gives classes alone
   */
  byte[] segment(Photograph photograph, EvaluationProgress progress, Confidences into);

  /**
   * Compares the predictions for images of a split with their labels.
   *
   * @param shard which of its images
   * @param progress is told of images and windows
   * @throws DataException if the data set has other classes
   */
  Evaluation evaluate(Dataset dataset, Split split, Shard shard, EvaluationProgress progress);

  @Override
  void close();
}
