package org.segtrain.train;

import ai.djl.nn.Block;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.RunLock;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.inference.Resources;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.metrics.Evaluation;
import org.segtrain.optim.internal.AveragedWeights;
import org.segtrain.optim.internal.Optimizer;
import org.segtrain.report.LiveReport;
import org.segtrain.report.RunState;

/**
 * What a training leaves in its folder, and tells: log, checkpoints, report, pictures. Of several
 * processes the first alone has one, so nothing here waits for others.
 */
final class RunRecord implements AutoCloseable {

  private static final int PICTURES = 6;

  private final TrainConfig config;
  private final Dataset dataset;
  private final RunFolder run;
  private final boolean begins;
  private final LiveReport report;
  private final Progress progress;
  private final RunLock lock;
  private Savings savings; // from the first step on
  private long first;

  /**
   * Of a run that has not begun; nothing is read or written.
   *
   * @param begins whether it must be a new run
   */
  RunRecord(TrainConfig config, Dataset dataset, RunFolder run, boolean begins, Progress listener) {
    this.config = config;
    this.dataset = dataset;
    this.run = run;
    this.begins = begins;
    this.report = new LiveReport(run, config, dataset, listener::message);
    RunLog log = new RunLog(new RunWriter(run), report.history());
    this.progress = Progress.of(List.of(log, listener)); // a caller may throw
    this.lock = new RunLock(run.dir());
  }

  /** Logs and tells. */
  Progress progress() {
    return progress;
  }

  /**
   * Looks at the folder, which is locked if a run was begun there.
   *
   * @return whether that goes on
   * @throws DataException if the folder holds files of others, or another training has it
   */
  boolean open() {
    boolean goesOn = Files.exists(run.last());
    if (goesOn) {
      lock.take(); // before it is read
    }
    if (begins || !(goesOn || Files.exists(run.config()))) {
      RunFolder.create(run.dir()); // refuses files of others
    }
    return goesOn;
  }

  /**
   * Locks the folder and begins, or goes on with, its files.
   *
   * @param goesOn what {@link #open} found
   * @param origins who gave each value of the configuration, by key
   * @return whether the step was evaluated
   */
  boolean begin(boolean goesOn, TrainingState state, Trained trained, Map<String, String> origins) {
    lock.take(); // only now, since what is refused before leaves nothing behind
    refuseBegunMeanwhile(goesOn);
    first = state.step();
    RunWriter writer = new RunWriter(run);
    writer.begin(config, dataset.classes());
    boolean evaluated = writer.rewind(first);
    report.begin(origins, first, trained.resources());
    TrainingState.refuseUnlessRoom(
        run.last(), trained.model(), trained.optimizer(), trained.averaged());
    savings =
        new Savings(run, config.run(), trained.model(), trained.optimizer(), trained.averaged());
    return evaluated;
  }

  /** What is trained, and where. */
  record Trained(
      Block model, Optimizer optimizer, Optional<AveragedWeights> averaged, Resources resources) {}

  /** Refuses what another training wrote between a look at the folder and the lock on it. */
  private void refuseBegunMeanwhile(boolean goesOn) {
    if (!goesOn && Files.exists(run.last())) {
      throw new DataException(
          "another training wrote to %s meanwhile; resume it, or choose another folder"
              .formatted(run.dir()));
    }
    if (begins) {
      RunFolder.create(run.dir());
    }
  }

  /** Whether the last checkpoint was so long ago that the run is saved between evaluations. */
  boolean isTimeToSave() {
    return savings.isTime();
  }

  /** Writes everything needed to resume. */
  void save(TrainingState state) {
    savings.save(state);
  }

  /** Keeps an evaluation that is the best so far in the report, with pictures. */
  void keepBest(TrainingState state, Evaluation found, Segmenter segmenter) {
    report.keep(state.step(), found, segmenter::segment);
  }

  /**
   * Saves and logs an evaluation.
   *
   * @param measured the state with it
   * @param best whether it is the best so far
   */
  void evaluated(TrainingState measured, Evaluation found, boolean best) {
    savings.keep(measured);
    if (best) {
      savings.saveBest(measured);
    }
    progress.evaluated( // last: what is logged is not measured again after a kill
        new EvaluationReport(measured.step(), config.schedule().iterations(), found, best));
    report.write(RunState.RUNNING);
  }

  /** The training has failed: what was made before {@code wrong} is kept. */
  void fail(TrainingState state, Throwable wrong) {
    boolean doubtful = wrong instanceof DivergedException; // so are the steps before it
    if (!doubtful && state.step() > first) {
      progress.message(savings.save(state, wrong));
    }
    report.write(RunState.FAILED);
  }

  /** The training has made its last step. */
  void complete(Segmenter segmenter) {
    int pictures = PredictionSheet.write(run, config, dataset, segmenter, PICTURES);
    progress.message(
        "wrote %s (photograph, labels, prediction) to %s"
            .formatted(Counted.of(pictures, "picture"), run.predictions()));
    report.write(RunState.ENDED);
  }

  /** The training was asked to stop. */
  void stop(TrainingState state) {
    savings.save(state);
    report.write(RunState.STOPPED);
  }

  @Override
  public void close() {
    lock.close();
  }
}
