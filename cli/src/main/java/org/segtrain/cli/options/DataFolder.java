package org.segtrain.cli.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.segtrain.config.DatasetVariant;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/** Where data are, if {@code --data} does not say. */
public final class DataFolder {

  private static final String ADE20K = "ADEChallengeData2016";
  private static final List<Path> PLACES = List.of(Path.of("data"), Path.of("data/ade"));

  private DataFolder() {}

  /**
   * The folder of the data; empty where none is needed.
   *
   * @param given by the user, or empty
   * @throws UsageException if only the user can know it
   * @throws DataException if it is not where it is looked for
   */
  public static String of(DatasetVariant dataset, String given) {
    if (!given.isEmpty() || dataset == DatasetVariant.SHAPES) {
      return given;
    }
    if (dataset == DatasetVariant.FOLDER) {
      throw new UsageException(
          "--dataset folder needs --data DIR, the folder with images/, annotations/, classes.txt");
    }
    if (dataset != DatasetVariant.ADE20K) {
      throw new UsageException(
          "--dataset %s needs --data DIR, the folder of the data; segtrain datasets %s says how to get them"
              .formatted(dataset, dataset));
    }
    return PLACES.stream()
        .filter(place -> Files.isDirectory(place.resolve(ADE20K)))
        .map(Path::toString)
        .findFirst()
        .orElseThrow(DataFolder::noAde20k);
  }

  private static DataException noAde20k() {
    String places =
        PLACES.stream().map(p -> p.resolve(ADE20K).toString()).collect(Collectors.joining(" and "));
    return new DataException(
        ("ADE20K was not found: --data is not given, and it was looked for in %s; get %s.zip from"
                + " the ADE20K scene parsing benchmark (sceneparsing.csail.mit.edu), unpack it, and"
                + " give the folder it is in with --data")
            .formatted(places, ADE20K));
  }
}
