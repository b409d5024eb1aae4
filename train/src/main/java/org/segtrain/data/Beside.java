package org.segtrain.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Photographs with their masks beside them in one folder, {@code x.jpg} and {@code x_mask.png}.
 *
 * @param end of the names of masks, {@code _mask}
 * @param image extension of the photographs, {@code .jpg}; empty if they have several
 * @param mask extension of the masks
 */
record Beside(String end, String image, String mask) {

  private static final List<String> ENDS =
      List.of(
          "_mask",
          "-mask",
          ".mask",
          "_masks",
          "_label",
          "_labels",
          "_gt",
          "_seg",
          "_segmentation",
          "_L",
          ".jpg",
          ".jpeg");

  /** The common ends in the names of most of these files, if they have them. */
  static Optional<Beside> of(Collection<Path> files) {
    Set<String> stems = files.stream().map(Beside::stem).collect(Collectors.toSet());
    return ENDS.stream()
        .flatMap(
            end -> {
              List<Path> masks =
                  files.stream()
                      .filter(file -> stem(file).endsWith(end))
                      .filter(file -> stems.contains(without(file, end)))
                      .toList();
              Set<Path> ofMasks = Set.copyOf(masks);
              List<Path> images = files.stream().filter(file -> !ofMasks.contains(file)).toList();
              return masks.isEmpty() || 2 * masks.size() < images.size()
                  ? Optional.<Beside>empty().stream()
                  : Optional.of(new Beside(end, extension(images), extension(masks))).stream();
            })
        .findFirst();
  }

  /** A name without its ending. */
  static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private static String without(Path file, String end) {
    String stem = stem(file);
    return stem.substring(0, stem.length() - end.length());
  }

  /** The ending that all have, with its dot; empty if they differ. */
  static String extension(List<Path> files) {
    List<String> all =
        files.stream()
            .map(file -> file.getFileName().toString().substring(stem(file).length()))
            .distinct()
            .toList();
    return all.size() == 1 ? all.get(0) : "";
  }

  /** The keys that say so, of files in a folder with a slash behind it. */
  String keys(String folder) {
    return "files.images %1$s{name}%2$s and files.masks %1$s{name}%3$s%4$s"
        .formatted(folder, image, end, mask);
  }
}
