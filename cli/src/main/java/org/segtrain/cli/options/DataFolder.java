package org.segtrain.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/** The folder of the data: that of {@code --data}, or else the usual one. */
public final class DataFolder {

  private static final String ADE20K = "ADEChallengeData2016";
  private static final Pattern WEIGHTED =
      Pattern.compile("(.+)=([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?)");
  private static final List<Path> PLACES = List.of(Path.of("data"), Path.of("data/ade"));

  private DataFolder() {}

  /**
   * The values of {@code --data}: a folder, or several with weights behind them. A folder that is
   * there has no weight, whatever its name.
   *
   * @param given each value; null if there is none
   * @throws UsageException if a weight is refused, or a folder is there twice
   */
  public static Overlay overlay(List<String> given) {
    if (given == null) {
      return Overlay.of("option");
    }
    List<DataPart> parts = given.stream().map(DataFolder::part).toList();
    refuseTwice(parts);
    boolean alone = parts.size() == 1 && parts.get(0).weight() == 1;
    return Overlay.of("option")
        .with("data.path", alone ? parts.get(0).path() : "")
        .with("data.parts", alone ? List.of() : parts);
  }

  /** Refuses a folder that two names lead to; twice the same name is a configuration's concern. */
  private static void refuseTwice(List<DataPart> parts) {
    Map<Path, String> seen = new HashMap<>();
    for (DataPart part : parts) {
      String before = seen.putIfAbsent(real(part.path()), part.path());
      if (before != null && !before.equals(part.path())) {
        throw new UsageException(
            "--data has %s and %s, which are one folder; give it once, with the weight 2"
                .formatted(before, part.path()));
      }
    }
  }

  private static Path real(String folder) {
    try {
      return Path.of(folder).toRealPath();
    } catch (IOException e) {
      return Path.of(folder); // whoever lists it says why
    }
  }

  /**
   * The same where each image counts once.
   *
   * @throws UsageException if there is a weight
   */
  public static Overlay unweighted(List<String> given) {
    for (String value : given == null ? List.<String>of() : given) {
      DataPart part = part(value);
      if (part.weight() != 1) {
        throw new UsageException(
            "--data %s has a weight, which counts in training only; give --data %s"
                .formatted(value, part.path()));
      }
    }
    return overlay(given);
  }

  private static DataPart part(String value) {
    Matcher weighted = WEIGHTED.matcher(value);
    int sign = value.lastIndexOf('=');
    if (!weighted.matches()
        && sign > 0
        && !Files.exists(Path.of(value))
        && Files.exists(Path.of(value.substring(0, sign)))) {
      throw new UsageException(
          "--data %s has the weight \"%s\", but a weight is a number, as in --data %s=0.5"
              .formatted(value, value.substring(sign + 1), value.substring(0, sign)));
    }
    return weighted.matches() && !Files.exists(Path.of(value))
        ? new DataPart(weighted.group(1), Double.parseDouble(weighted.group(2)))
        : new DataPart(value, 1);
  }

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
