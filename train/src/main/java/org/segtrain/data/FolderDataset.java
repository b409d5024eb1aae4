package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segtrain.errors.DataException;

/**
 * A person's own images: {@code images/{training,validation}}, masks of the same base names in
 * {@code annotations/{training,validation}}, and {@code classes.txt} with one class per line. A
 * mask's values are line numbers from 0; 255 is void.
 */
public final class FolderDataset {

  private FolderDataset() {}

  /**
   * Lists the files of {@code dir}; they are read later, one at a time.
   *
   * @throws DataException if a folder, a mask, an image or the class list is missing
   */
  public static Dataset open(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new DataException("%s is not a folder; give that of a data set".formatted(dir));
    }
    List<String> classes = readClasses(dir.resolve("classes.txt"));
    return new LabelledImages("folder", classes, LabelRule.direct(classes.size()), dir);
  }

  /**
   * Reads a list of classes, one a line.
   *
   * @throws DataException if it is missing, empty, too long, or names a class twice
   */
  public static List<String> readClasses(Path file) {
    List<String> lines;
    try {
      lines = Files.readString(file).replace("\uFEFF", "").strip().lines().toList();
    } catch (NoSuchFileException e) {
      throw new DataException("%s is missing; write one class name per line".formatted(file), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s as UTF-8 text; save it so".formatted(file), e);
    }
    if (lines.isEmpty() || lines.size() > Sample.VOID) {
      throw new DataException(
          "%s has %d classes; write 1-%d, one per line".formatted(file, lines.size(), Sample.VOID));
    }
    Set<String> seen = new HashSet<>();
    for (String line : lines) {
      if (line.isBlank() || !seen.add(line.strip())) {
        throw new DataException(
            "%s has the class \"%s\" empty or twice; write every class once, one per line"
                .formatted(file, line.strip()));
      }
    }
    return lines.stream().map(String::strip).toList();
  }
}
