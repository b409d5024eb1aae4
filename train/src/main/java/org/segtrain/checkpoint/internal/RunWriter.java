package org.segtrain.checkpoint.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/**
 * Writes what is in the folder of a run beside its checkpoints.
 *
 * @param run the folder
 */
public record RunWriter(RunFolder run) {

  /** What config.json says. */
  private record Description(TrainConfig config, List<String> classes) {}

  /**
   * Writes the configuration, and clears away what a killed process may have left half-written.
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
   * Adds a line to the log.
   *
   * @param entry what has JSON
   * @throws DataException if it cannot be written
   */
  public void log(Object entry) {
    try {
      Files.writeString(
          run.log(),
          Json.line(entry) + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s; make room".formatted(run.log(), reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException
        ? "%s is no folder".formatted(e.getMessage())
        : IoReason.of(e);
  }
}
