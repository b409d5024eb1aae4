package org.segtrain.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.config.Configuration;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.CheckSum;
import org.segtrain.files.Draft;
import org.segtrain.files.FileKind;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;

/**
 * The counts of one process of several, a file of JSON. All parts of one evaluation add up to the
 * counts of a single process.
 *
 * @param shard the images
 * @param source the model and the data
 * @param identity values that all parts of one evaluation share, by name
 * @param unread images that could not be read: sentences
 * @param evaluation the counts
 */
public record EvaluationPart(
    Shard shard,
    EvaluationSource source,
    Map<String, String> identity,
    List<String> unread,
    Evaluation evaluation) {

  /** Values that may differ: paths, and values that change nothing but the time. */
  private static final Set<String> FREE =
      Set.of("data.path", "data.parts", "weights.file", "run.threads", "run.seed");

  private static final int SHOWN = 20; // shards that are missing

  public EvaluationPart {
    identity = new LinkedHashMap<>(identity);
    unread = List.copyOf(unread);
  }

  /**
   * The values that the parts of an evaluation share: the weights, the images, and every value that
   * decides how they are measured.
   *
   * @param config that the data set was opened with
   */
  public static Map<String, String> identity(
      ModelInUse model, TrainConfig config, Dataset dataset, Split split) {
    return identity(weights(model.file()), config, dataset, split);
  }

  private static Map<String, String> identity(
      String weights, TrainConfig config, Dataset dataset, Split split) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("weights", weights);
    identity.put("split", split.toString());
    identity.putAll(images(dataset, split));
    identity.put("classes", String.join(", ", dataset.classes()));
    Configuration.texts(config)
        .forEach(
            (key, value) -> {
              if (!FREE.contains(key)) {
                identity.put(key, value);
              }
            });
    return identity;
  }

  /** Of these values those of the images: how many there are, and their names. */
  public static Map<String, String> images(Dataset dataset, Split split) {
    Map<String, String> images = new LinkedHashMap<>();
    images.put("images", String.valueOf(dataset.size(split)));
    images.put("names", names(dataset, split));
    return images;
  }

  /**
   * The same with the counts on other images, and faults of more.
   *
   * @param faults of images that could not be read: sentences
   */
  public EvaluationPart plus(Evaluation counts, List<String> faults) {
    return plus(new EvaluationPart(shard, source, identity, faults, counts));
  }

  private static String weights(Path file) {
    try {
      return "SHA-256 " + CheckSum.sha256(file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Of the images' files, wherever the data are. */
  private static String names(Dataset dataset, Split split) {
    String names =
        IntStream.range(0, dataset.size(split))
            .mapToObj(i -> Path.of(dataset.file(split, i)).getFileName().toString())
            .collect(Collectors.joining("\n"));
    return "SHA-256 " + CheckSum.sha256(names.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The evaluation of a whole split in training.
   *
   * @param weights that were measured
   * @param config that the data set was opened with
   */
  public static EvaluationPart of(
      String weights, TrainConfig config, Dataset dataset, Split split, Evaluation evaluation) {
    EvaluationSource source = EvaluationSource.of(List.of(weights), config, dataset, split);
    Map<String, String> identity = identity(weights, config, dataset, split);
    return new EvaluationPart(Shard.WHOLE, source, identity, List.of(), evaluation);
  }

  /**
   * Writes it.
   *
   * @throws DataException if it cannot be written
   */
  public void write(Path file) {
    try {
      Draft.write(file, Json.page(this));
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /**
   * Reads one of those that a user wants to be merged.
   *
   * @throws DataException if it cannot be read, or is no such file, or not whole
   */
  public static EvaluationPart read(Path file) {
    return read(
        file,
        "shard",
        "give files that segtrain eval --shard I/N --out FILE wrote",
        "measure that shard again");
  }

  /**
   * Reads that of a run.
   *
   * @throws DataException if it cannot be read, or is no such file, or not whole
   */
  public static EvaluationPart ofRun(Path file) {
    String removal = "remove it, and the report does without";
    return read(file, "evaluation of a run", removal, removal);
  }

  private static EvaluationPart read(Path file, String what, String instead, String again) {
    try {
      Optional<FileKind> kind = FileKind.of(file);
      if (!kind.equals(Optional.of(FileKind.SHARD))) {
        throw new DataException(
            "%s is no %s: it is %s; %s".formatted(file, what, FileKind.words(kind), instead));
      }
      EvaluationPart part =
          Json.readWhole(Json.parse(Files.readString(file)), EvaluationPart.class);
      if (!part.isConsistent()) {
        throw foreign(file, what, "its counts do not add up", again, null);
      }
      return part;
    } catch (JsonProcessingException e) {
      throw foreign(file, what, Json.reason(e), again, e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  private static DataException foreign(
      Path file, String what, String why, String again, Exception cause) {
    return new DataException("%s is no whole %s: %s; %s".formatted(file, what, why, again), cause);
  }

  /** Whether the images' counts are those of the matrix, and all are of the shard. */
  private boolean isConsistent() {
    int classes = evaluation.classes().size();
    if (evaluation.confusion().size() != classes
        || evaluation.boundary().size() != classes
        || evaluation.confusion().stream().anyMatch(row -> row.size() != classes)) {
      return false;
    }
    long[][] sums = new long[classes][3];
    Set<Integer> seen = new HashSet<>();
    long all = 0;
    for (ImageCounts image : evaluation.images()) {
      boolean isOfShard =
          image.index() >= 0
              && image.index() < source.images()
              && image.index() % shard.count() == shard.number() - 1;
      if (!isOfShard || !seen.add(image.index())) {
        return false;
      }
      long pixels = (long) image.width() * image.height();
      all += pixels;
      for (ClassCounts count : image.counts()) {
        if (count.label() < 0 || count.label() >= classes || !isPossible(count, pixels)) {
          return false;
        }
        sums[count.label()][0] += count.labelled();
        sums[count.label()][1] += count.predicted();
        sums[count.label()][2] += count.both();
      }
    }
    long pixelsOfAll = all;
    return evaluation.metrics().counts().stream()
        .allMatch(
            count -> {
              long[] sum = sums[count.label()];
              ClassCounts boundary = evaluation.boundary().get(count.label());
              return count.equals(new ClassCounts(count.label(), sum[0], sum[1], sum[2]))
                  && boundary.label() == count.label()
                  && isPossible(boundary, pixelsOfAll);
            });
  }

  private static boolean isPossible(ClassCounts count, long pixels) {
    return count.both() >= 0
        && count.both() <= Math.min(count.labelled(), count.predicted())
        && Math.max(count.labelled(), count.predicted()) <= pixels;
  }

  /**
   * Adds up the parts of one evaluation.
   *
   * @return a part that is the whole
   * @throws DataException if one is missing, is there twice, or is of another evaluation
   */
  public static EvaluationPart merge(List<Path> files) {
    List<EvaluationPart> parts = files.stream().map(EvaluationPart::read).toList();
    EvaluationPart first = parts.get(0);
    Map<Integer, Integer> places = new TreeMap<>(); // by the shard's number
    for (int i = 0; i < parts.size(); i++) {
      EvaluationPart part = parts.get(i);
      part.requireSame(files.get(i), first, files.get(0));
      Integer other = places.put(part.shard.number(), i);
      if (other != null) {
        throw new DataException(
            "%s and %s are both shard %s; give each once"
                .formatted(files.get(other), files.get(i), part.shard));
      }
    }
    requireAll(places.keySet(), first.shard.count());
    return places.values().stream()
        .map(parts::get)
        .reduce(EvaluationPart::plus)
        .orElseThrow()
        .asWhole();
  }

  private void requireSame(Path file, EvaluationPart other, Path otherFile) {
    Map<String, String> values = new LinkedHashMap<>(other.identity);
    identity.forEach(values::putIfAbsent);
    values.put("number of shards", String.valueOf(other.shard.count()));
    for (String name : values.keySet()) {
      String a = other.value(name);
      String b = value(name);
      if (!a.equals(b)) {
        throw new DataException(
            "%s and %s are of different evaluations, whose %s are %s and %s; merge shards of one"
                .formatted(otherFile, file, name, a, b));
      }
    }
  }

  private String value(String name) {
    return name.equals("number of shards")
        ? String.valueOf(shard.count())
        : identity.getOrDefault(name, "not there");
  }

  private static void requireAll(Set<Integer> numbers, int count) {
    if (numbers.size() < count) {
      String missing =
          IntStream.rangeClosed(1, count)
              .filter(number -> !numbers.contains(number))
              .limit(SHOWN)
              .mapToObj(number -> "%d/%d".formatted(number, count))
              .collect(Collectors.joining(", "));
      int others = Math.max(0, count - numbers.size() - SHOWN);
      throw new DataException(
          "%d of %d shards are there, but not %s%s; measure them too"
              .formatted(
                  numbers.size(),
                  count,
                  missing,
                  others == 0 ? "" : " and %d more".formatted(others)));
    }
  }

  private EvaluationPart plus(EvaluationPart more) {
    List<String> all = Stream.concat(unread.stream(), more.unread.stream()).sorted().toList();
    return new EvaluationPart(shard, source, identity, all, evaluation.plus(more.evaluation));
  }

  private EvaluationPart asWhole() {
    return new EvaluationPart(Shard.WHOLE, source, identity, unread, evaluation);
  }
}
