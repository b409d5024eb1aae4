package org.segtrain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/**
 * Where to get a published data set.
 *
 * @param title as its authors call it
 * @param roots folders at the top of its archives
 * @param page of its publishers
 * @param archives to get there, and how to lay them out
 * @param terms of use, in short; the page has them whole
 */
public record DatasetSource(
    String title, List<String> roots, String page, String archives, String terms) {

  public DatasetSource {
    roots = List.copyOf(roots);
  }

  /**
   * The folder that paths of files begin at: {@code dir}, or one of the roots in it.
   *
   * @throws DataException if the data are in none of them
   */
  public Path locate(Path dir, DataFiles files) {
    List<Path> places = Stream.concat(roots.stream().map(dir::resolve), Stream.of(dir)).toList();
    return places.stream()
        .filter(place -> Layout.isThere(place, files))
        .findFirst()
        .orElseThrow(() -> notFound(places, files));
  }

  private DataException notFound(List<Path> places, DataFiles files) {
    String looked =
        places.stream()
            .map(place -> Layout.place(place, files).toString())
            .distinct()
            .collect(Collectors.joining(" and "));
    boolean isFolder = Files.isDirectory(places.get(places.size() - 1));
    return new DataException(
        "%s was looked for in %s and is %s; get %s (%s), and give the folder it is in"
            .formatted(title, looked, isFolder ? "in neither" : "not there", archives, page));
  }
}
