package org.segtrain.data.internal;

import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/** A data set of files, which can say cheaply that some of them do not belong together. */
public interface HeaderCheck {

  /**
   * Looks at the headers of all files of a split.
   *
   * @throws DataException if an image and its mask differ in size, or are no images
   */
  void checkHeaders(Split split);

  /**
   * Reads all masks of a split.
   *
   * @return whether one of them has a pixel with a class
   * @throws DataException if one cannot be read, or has a value or a colour of no class
   */
  boolean checkLabels(Split split);
}
