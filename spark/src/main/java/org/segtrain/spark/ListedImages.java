package org.segtrain.spark;

import java.util.List;
import java.util.function.IntFunction;
import org.segtrain.data.Dataset;
import org.segtrain.data.LabelledPhotograph;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;

/**
 * The images of a job as a data set.
 *
 * @param name of their kind
 * @param size how many there are
 * @param files their names, by index
 * @param open opens one; only asked for those of a task
 */
record ListedImages(
    String name,
    List<String> classes,
    int size,
    IntFunction<String> files,
    IntFunction<LabelledPhotograph> open)
    implements Dataset {

  /** Those of which only the names are asked for. */
  ListedImages(String name, List<String> classes, int size, IntFunction<String> files) {
    this(
        name,
        classes,
        size,
        files,
        index -> {
          throw new IndexOutOfBoundsException(index);
        });
  }

  @Override
  public int size(Split split) {
    return split == Split.VALIDATION ? size : 0;
  }

  @Override
  public String file(Split split, int index) {
    return files.apply(index);
  }

  @Override
  public Sample read(Split split, int index) {
    throw new UnsupportedOperationException("images are opened to be measured");
  }

  @Override
  public LabelledPhotograph open(Split split, int index) {
    return open.apply(index);
  }
}
