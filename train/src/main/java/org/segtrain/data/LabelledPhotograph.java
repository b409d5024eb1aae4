package org.segtrain.data;

import org.segtrain.errors.DataException;

/**
 * A photograph and its labels: a {@link Sample} in memory, or a larger one, whose pixels are read
 * when they are asked for. One thread at a time may use it.
 */
public interface LabelledPhotograph {

  /** Its name in messages and file names. */
  String name();

  /** The photograph. */
  Photograph photograph();

  /**
   * {@code H*W} bytes: the class, or {@link Sample#VOID}. They may be read anew each time.
   *
   * @throws DataException if they cannot be read, or are not of the photograph's size
   */
  byte[] labels();
}
