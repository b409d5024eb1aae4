package org.segtrain.data;

import org.segtrain.errors.DataException;

/**
 * An image: a {@link Picture} in memory, or a larger one, whose pixels are read from its file when
 * they are asked for. One thread at a time may use it.
 */
public interface Photograph {

  /** Pixels. */
  int width();

  /** Pixels. */
  int height();

  /**
   * A part of it.
   *
   * @param left column of its first pixel
   * @param top row of its first pixel
   * @param width pixels
   * @param height pixels
   * @throws DataException if the pixels cannot be read
   */
  Picture part(int left, int top, int width, int height);

  /**
   * All of it.
   *
   * @throws DataException if the Java heap does not hold it, or it cannot be read
   */
  Picture whole();
}
