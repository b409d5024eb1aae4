package org.segtrain.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.inference.EvaluationPart;

/**
 * The content of a run's folder.
 *
 * @param run its folder
 * @param config its configuration
 * @param classes their names
 * @param history from its log
 * @param best counts of the best evaluation; runs of older versions do not have them
 * @param session its state, its machine and the origins of its values
 */
record RunContent(
    RunFolder run,
    TrainConfig config,
    List<String> classes,
    RunHistory history,
    Optional<EvaluationPart> best,
    Optional<Session> session) {

  RunContent {
    classes = List.copyOf(classes);
  }

  /**
   * Reads a run from its folder.
   *
   * @throws DataException if it holds none, or a file of it cannot be read
   */
  static RunContent read(Path dir) {
    RunFolder run = RunFolder.resume(dir);
    RunHistory history = new RunHistory();
    TrainConfig config = run.saved();
    history.read(run.log());
    List<String> classes = classes(run.config());
    Optional<EvaluationPart> best = best(run);
    best.ifPresent(part -> refuseUnlessOf(run, classes, part));
    return new RunContent(run, config, classes, history, best, Session.read(run.session()));
  }

  static Optional<EvaluationPart> best(RunFolder run) {
    return Files.isRegularFile(run.evaluation())
        ? Optional.of(EvaluationPart.ofRun(run.evaluation()))
        : Optional.empty();
  }

  private static void refuseUnlessOf(RunFolder run, List<String> classes, EvaluationPart part) {
    if (!part.evaluation().classes().equals(classes)) {
      throw new DataException(
          "%s has other classes than %s; remove it".formatted(run.evaluation(), run.config()));
    }
  }

  private static List<String> classes(Path config) {
    try {
      return Json.strings(Json.field(Files.readString(config), "classes"));
    } catch (JsonProcessingException e) {
      throw new DataException("%s does not name the classes of the run".formatted(config), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(config, IoReason.of(e)), e);
    }
  }

  /** Its name: that of its folder. */
  String name() {
    Path name = run.dir().toAbsolutePath().normalize().getFileName();
    return name == null ? run.dir().toString() : name.toString();
  }
}
