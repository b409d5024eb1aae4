package org.segtrain.spark;

import org.apache.hadoop.conf.Configuration;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Photograph;
import org.segtrain.errors.DataException;

/** A photograph, and its file, which lasts as long as the photograph is read. */
record OpenedImage(Fetched file, Photograph photograph) implements AutoCloseable {

  /**
   * Opens the image of that name.
   *
   * @throws DataException if it cannot be read
   */
  static OpenedImage of(String name, Configuration conf) {
    return of(Fetched.of(name, conf));
  }

  /**
   * Opens it.
   *
   * @throws DataException if it cannot be read
   */
  static OpenedImage of(Fetched file) {
    try {
      return new OpenedImage(file, ImageFiles.open(file.file()));
    } catch (DataException e) {
      file.close();
      throw new DataException(file.named(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
