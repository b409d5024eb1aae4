package org.segtrain.checkpoint.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/**
 * Writes the files of a run beside its checkpoints.
 *
 * @param run the folder
 */
public record RunWriter(RunFolder run) {

  private static final Pattern KEPT = Pattern.compile("step-(\\d{1,18})\\.safetensors");

  /** A line of the log: the run went on after that step. */
  private record Resumed(long step, boolean resumed) {
    Resumed(long step) {
      this(step, true);
    }
  }

  /** The content of config.json. */
  private record Description(TrainConfig config, List<String> classes) {}

  /**
   * Writes the configuration, and removes half-written files of a killed process.
   *
   * @throws DataException if the folder cannot be written to
   */
  public void begin(TrainConfig config, List<String> classes) {
    try {
      Files.createDirectories(run.predictions());
      Draft.sweep(run.last());
      Draft.sweep(run.best());
      Draft.write(run.config(), Json.page(new Description(config, classes)));
    } catch (IOException e) {
      throw new DataException(
          "cannot write to %s: %s; choose another folder".formatted(run.dir(), reason(e)), e);
    }
  }

  /**
   * Removes from the log the lines after {@code step}, which will be made again, and half a line of
   * a killed process. Notes that the run goes on there, unless it begins again.
   *
   * @return whether that step was evaluated
   * @throws DataException if the log cannot be read or written
   */
  public boolean rewind(long step) {
    if (!Files.isRegularFile(run.log())) { // there is none, or a device that has no end
      return false;
    }
    boolean evaluated = false;
    StringBuilder kept = new StringBuilder();
    try {
      Draft.sweep(run.at(step)); // of an evaluation that a kill cut short
      String log = new String(Files.readAllBytes(run.log()), UTF_8); // a broken letter is one
      for (String line : log.lines().toList()) {
        OptionalLong of = Json.whole(line, "step");
        if (of.isPresent() && of.getAsLong() <= step) {
          kept.append(line).append('\n');
          evaluated |= of.getAsLong() == step && line.contains("\"mean_iou\"");
        }
      }
      if (step > 0) {
        kept.append(Json.line(new Resumed(step))).append('\n');
      }
      Draft.write(run.log(), kept.toString());
      return evaluated;
    } catch (IOException e) {
      throw new DataException(
          "cannot go on with the log %s: %s; make room, or move it away"
              .formatted(run.log(), reason(e)),
          e);
    }
  }

  /**
   * Deletes all but the newest checkpoints of past evaluations.
   *
   * @param keep how many stay
   */
  public void thin(int keep) {
    try (Stream<Path> files = Files.list(run.dir())) {
      List<Path> old =
          files
              .filter(file -> step(file) >= 0)
              .sorted(Comparator.comparingLong(RunWriter::step).reversed())
              .skip(keep)
              .toList();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot take old checkpoints out of %s: %s".formatted(run.dir(), reason(e)), e);
    }
  }

  /** The step of a kept checkpoint, or -1 of another file. */
  private static long step(Path file) {
    Matcher name = KEPT.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  /**
   * Adds a line to the log.
   *
   * @param entry what has JSON
   * @throws DataException if it cannot be written
   */
  public void log(Object entry) {
    try {
      Draft.append(run.log(), Json.line(entry) + "\n");
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s; make room".formatted(run.log(), reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException taken && taken.getReason() == null
        ? "%s is no folder".formatted(e.getMessage())
        : IoReason.of(e);
  }
}
