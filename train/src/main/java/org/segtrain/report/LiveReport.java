package org.segtrain.report;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.inference.Resources;
import org.segtrain.metrics.Evaluation;

/**
 * The report of a run while it is trained. A failure of the report is told once, and never ends the
 * training.
 */
public final class LiveReport {

  private final RunFolder run;
  private final TrainConfig config;
  private final Dataset dataset;
  private final RunHistory history = new RunHistory();
  private final Consumer<String> message;
  private Optional<EvaluationPart> best = Optional.empty();
  private Optional<Session> session = Optional.empty();
  private boolean failed;

  /**
   * Nothing is read or written yet.
   *
   * @param message is told a sentence
   */
  public LiveReport(RunFolder run, TrainConfig config, Dataset dataset, Consumer<String> message) {
    this.run = run;
    this.config = config;
    this.dataset = dataset;
    this.message = message;
  }

  /** The history of the run, which gets each line of its log. */
  public RunHistory history() {
    return history;
  }

  /**
   * Reads the files of earlier sessions, before the first step of this one.
   *
   * @param origins who gave each value of the configuration, by key; may be empty
   * @param step from which the run goes on
   */
  public void begin(Map<String, String> origins, long step, Resources resources) {
    guarded(
        () -> {
          if (step > 0) {
            history.read(run.log());
            best = RunContent.best(run);
          }
          Optional<Session> before = step > 0 ? Session.read(run.session()) : Optional.empty();
          session = Optional.of(Session.of(origins, before, resources));
        });
  }

  /**
   * Keeps an evaluation that is the best so far, with pictures of its worst and best images.
   *
   * @param model the class of each pixel of a photograph
   */
  public void keep(long step, Evaluation evaluation, Function<Photograph, byte[]> model) {
    guarded(
        () -> {
          EvaluationPart part =
              EvaluationPart.of(
                  "%s, step %d".formatted(run.best(), step),
                  config,
                  dataset,
                  Split.VALIDATION,
                  evaluation);
          Palette palette = DatasetVariant.palette(config, dataset.classes().size());
          Examples.write(run, palette, dataset, evaluation, model);
          part.write(run.evaluation());
          best = Optional.of(part);
        });
  }

  /** Writes the page. */
  public void write(RunState state) {
    guarded(
        () -> {
          session = session.map(known -> known.with(state));
          session.ifPresent(known -> known.write(run.session()));
          RunContent content =
              new RunContent(run, config, dataset.classes(), history, best, session);
          new RunPage(content).write(run.report());
        });
  }

  /** A defect of the report, of the data or of the disk must not cost the training. */
  private void guarded(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      if (!failed) {
        failed = true;
        String why = e instanceof DataException ? e.getMessage() : e.toString();
        message.accept("the report of this run is not complete: " + why);
      }
    }
  }
}
