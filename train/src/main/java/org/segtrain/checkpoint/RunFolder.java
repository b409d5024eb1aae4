package org.segtrain.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;

/**
 * The folder of a training run: {@code config.json}, {@code log.jsonl}, the checkpoints {@code
 * last.safetensors} and {@code best.safetensors}, pictures in {@code predictions}, and {@code
 * report.html} with its data.
 *
 * @param dir the folder
 */
public record RunFolder(Path dir) {

  private static final Pattern KEPT = Pattern.compile("step-\\d+\\.safetensors");
  private static final Pattern PICTURE =
      Pattern.compile("(?:validation-\\d\\d|(?:best|worst)-\\d)\\.png");

  /**
   * The folder of a new run.
   *
   * @throws DataException if it holds a run already, or files that the run would replace
   */
  public static RunFolder create(Path dir) {
    RunFolder run = new RunFolder(dir);
    if (Files.exists(run.config()) || Files.exists(run.last())) {
      throw new DataException(
          "%s holds a run already; resume it, or choose another folder".formatted(dir));
    }
    run.foreign()
        .ifPresent(
            file -> {
              throw new DataException(
                  "%s is there, which a run would replace; choose another folder".formatted(file));
            });
    return run;
  }

  /** A foreign file with the name of a file of a run, in a folder without a run. */
  private Optional<Path> foreign() {
    List<Path> found = new ArrayList<>(List.of(best(), log(), report(), session(), evaluation()));
    found.removeIf(file -> !Files.isRegularFile(file));
    found.addAll(listed(dir, KEPT));
    found.addAll(listed(predictions(), PICTURE));
    return found.stream().findFirst();
  }

  private static List<Path> listed(Path folder, Pattern name) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> name.matcher(file.getFileName().toString()).matches()).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("cannot look into %s; choose another folder".formatted(folder), e);
    }
  }

  /**
   * The folder of a run that was begun.
   *
   * @throws DataException if it holds none
   */
  public static RunFolder resume(Path dir) {
    RunFolder run = new RunFolder(dir);
    if (Files.isRegularFile(dir)) {
      throw new DataException(
          "%s is a file; give the folder of the run that it is in".formatted(dir));
    }
    if (!Files.isRegularFile(run.config())) {
      throw new DataException(
          "%s holds no run, since there is no file config.json in it; give the folder of a run,"
                  .formatted(dir)
              + " such as runs/NAME");
    }
    return run;
  }

  /**
   * The configuration that the run was begun with.
   *
   * @throws DataException if config.json cannot be read
   */
  public TrainConfig saved() {
    return ConfigFile.ofRun(config());
  }

  /** {@code parent/name}, or the first of {@code name-2}, {@code name-3}, ... that is free. */
  public static Path free(Path parent, String name) {
    Path path = parent.resolve(name);
    for (int number = 2; Files.exists(path); number++) {
      path = parent.resolve(name + "-" + number);
    }
    return path;
  }

  /** The configuration and the class names, JSON. */
  public Path config() {
    return dir.resolve("config.json");
  }

  /** One JSON object a line: steps and evaluations. */
  public Path log() {
    return dir.resolve("log.jsonl");
  }

  /** Everything needed to resume. */
  public Path last() {
    return dir.resolve("last.safetensors");
  }

  /** The weights after an evaluation at that step, if such are kept. */
  public Path at(long step) {
    return dir.resolve("step-" + step + ".safetensors"); // in the digits of no locale
  }

  /** The weights with the highest mIoU so far, or another figure. */
  public Path best() {
    return dir.resolve("best.safetensors");
  }

  /** A page for people: curves, classes, images, configuration. */
  public Path report() {
    return dir.resolve("report.html");
  }

  /** The state of the run, its machine and the origins of its values, JSON. */
  public Path session() {
    return dir.resolve("session.json");
  }

  /** The counts of the best evaluation for each image, JSON, as a shard of segtrain eval. */
  public Path evaluation() {
    return dir.resolve("evaluation.json");
  }

  /** Photographs beside their labels and predictions. */
  public Path predictions() {
    return dir.resolve("predictions");
  }

  /** One of them. */
  public Path picture(int number) {
    return predictions().resolve(String.format(Locale.ROOT, "validation-%02d.png", number));
  }

  /** One of the best or worst images of the best evaluation, small: with its errors, too. */
  public Path example(String kind, int number) {
    return predictions().resolve("%s-%d.png".formatted(kind, number));
  }
}
