package org.segtrain.inference.internal;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/** Refuses to measure a model on data with other classes. */
public final class SameClasses {

  private SameClasses() {}

  /**
   * Does nothing if the classes are the same.
   *
   * @param file of the model
   * @param own classes of the model
   * @param others classes of the data
   * @throws DataException if there are others, or in another order
   */
  public static void require(Path file, List<String> own, List<String> others) {
    if (others.equals(own)) {
      return;
    }
    int i = 0; // the first that differs
    while (i < Math.min(others.size(), own.size()) && others.get(i).equals(own.get(i))) {
      i++;
    }
    throw new DataException(
        "%s has %s and class %d %s, but the data set has %d and %s; evaluate on data with the same classes"
            .formatted(
                file,
                Counted.of(own.size(), "class"),
                i,
                name(own, i),
                others.size(),
                name(others, i)));
  }

  private static String name(List<String> classes, int index) {
    return index < classes.size() ? '"' + classes.get(index) + '"' : "none";
  }
}
