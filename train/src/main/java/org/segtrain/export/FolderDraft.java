package org.segtrain.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/**
 * A folder on its way: beside its place until it is whole. What stood in that place goes only then.
 *
 * @param path where it is now
 * @param place where it will be
 */
record FolderDraft(Path path, Path place) {

  /** An empty draft of the folder that is to be at {@code place}. */
  static FolderDraft beside(Path place) throws IOException {
    Path parent = place.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new DataException(
          "cannot write %s: there is no folder %s, so make it first".formatted(place, parent));
    }
    FolderDraft draft = new FolderDraft(hidden(place, "part"), place);
    Files.createDirectory(draft.path); // readable for whom the user's settings say
    return draft;
  }

  /** Puts it in its place. */
  void publish() throws IOException {
    if (!Files.exists(place)) {
      Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path former = hidden(place, "old");
    Files.move(place, former, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(former, place, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    delete(former);
  }

  /** Removes it, unless it is in its place. */
  void discard() {
    try {
      delete(path);
    } catch (IOException e) {
      // what made it useless is what the user must hear of
    }
  }

  private static Path hidden(Path place, String kind) {
    String name = ".%s.%d.%s".formatted(place.getFileName(), ProcessHandle.current().pid(), kind);
    return place.resolveSibling(name);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
