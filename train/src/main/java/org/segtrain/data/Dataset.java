package org.segtrain.data;

import java.util.List;
import org.segtrain.errors.DataException;

/** Photographs with labels, in two splits; reading is safe from several threads at once. */
public interface Dataset {

  /** The name given to {@code --dataset}. */
  String name();

  /** The names of the classes; label k is the k-th, from 0. */
  List<String> classes();

  int size(Split split);

  /** The name of a sample in messages: the path of its image, where it has one. */
  String file(Split split, int index);

  /**
   * Reads one sample.
   *
   * @throws DataException if its files are missing, broken or do not belong together
   */
  Sample read(Split split, int index);

  /**
   * The labels of one sample, row by row, where nothing else of it is needed.
   *
   * @throws DataException like {@link #read}
   */
  default byte[] labels(Split split, int index) {
    return read(split, index).labels();
  }

  /**
   * Opens one sample to measure a model on it. Pixels of a sample too large for the memory may be
   * read later; others are read like {@link #read}.
   *
   * @throws DataException if its files are missing, broken or do not belong together
   */
  default LabelledPhotograph open(Split split, int index) {
    return read(split, index);
  }
}
