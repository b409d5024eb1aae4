package org.segtrain.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;

/**
 * A file that is to be written.
 *
 * @param file its place
 * @param replaces whether what is there may be replaced
 */
record Destination(Path file, boolean replaces) {

  /**
   * Refuses a place that is taken. It always refuses that of an input, by whatever name: it follows
   * links, and knows hard links.
   *
   * @throws UsageException if one of {@code inputs} is there
   * @throws DataException if something is there that may not be replaced
   */
  void refuseUnlessFree(Collection<Path> inputs) {
    if (!Files.exists(file)) {
      return;
    }
    for (Path input : inputs) {
      if (isSame(input)) {
        throw new UsageException(
            "%s would replace %s, which is read; name another file".formatted(file, input));
      }
    }
    if (!replaces) {
      throw new DataException(
          "%s is there already; choose another file, or replace it".formatted(file));
    }
  }

  private boolean isSame(Path input) {
    try {
      return Files.exists(input) && Files.isSameFile(input, file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(input, IoReason.of(e)), e);
    }
  }
}
