package org.segtrain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.data.internal.Results;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.DataException;

/**
 * The folders of the usual names in which masks may lie. Earlier predictions are none of them.
 *
 * @param dir the folder of the data
 * @param images pattern of the images, with {@code images} in it
 */
record MaskFolders(Path dir, String images) {

  /** The pattern of masks in a folder of that name. */
  PathPattern in(String folder) {
    return new PathPattern(images.replace(UsualFolders.IMAGES, folder));
  }

  /**
   * The pattern of masks in the folder that has them, or should have.
   *
   * @param names of the splits that are there; empty where nothing parts them
   * @throws DataException if two folders have files of a split
   */
  PathPattern pattern(Map<Split, String> names) {
    List<String> splits = names.isEmpty() ? List.of("") : List.copyOf(names.values());
    List<PathPattern> there =
        UsualFolders.MASKS.stream()
            .map(this::in)
            .filter(masks -> splits.stream().anyMatch(split -> isThere(masks, split)))
            .toList();
    if (there.isEmpty()) {
      return in(UsualFolders.MASKS.get(0));
    }
    return there.size() == 1 ? there.get(0) : filled(there, splits);
  }

  /** Of several folders that which has files. */
  private PathPattern filled(List<PathPattern> there, List<String> splits) {
    Optional<PathPattern> found = Optional.empty();
    for (String split : splits) {
      List<PathPattern> filled = there.stream().filter(masks -> isFilled(masks, split)).toList();
      if (filled.size() > 1) {
        throw new DataException(
            "%s and %s both have files, so it is not known which are the masks; say it with files.images %s and files.masks, such as %s"
                .formatted(
                    folder(filled.get(0), split),
                    folder(filled.get(1), split),
                    images,
                    filled.get(0).text()));
      }
      found = found.isPresent() ? found : filled.stream().findFirst();
    }
    return found.orElse(there.get(0));
  }

  private Path folder(PathPattern masks, String split) {
    return dir.resolve(masks.in(split).folder());
  }

  private boolean isThere(PathPattern masks, String split) {
    return Files.isDirectory(folder(masks, split)) && !Results.isPart(named(masks, split));
  }

  private boolean isFilled(PathPattern masks, String split) {
    return isThere(masks, split) && !FoundFiles.listed(folder(masks, split)).images().isEmpty();
  }

  /** Earlier predictions in the place of masks of a split. */
  List<Path> results(String split) {
    return UsualFolders.MASKS.stream()
        .map(folder -> named(in(folder), split))
        .filter(Results::isPart)
        .toList();
  }

  /** The folder that has the usual name. */
  private Path named(PathPattern masks, String split) {
    Path folder = folder(masks, split);
    boolean isSplitInside = masks.hasSplit() && !masks.text().startsWith("{split}");
    return isSplitInside ? folder.getParent() : folder;
  }
}
