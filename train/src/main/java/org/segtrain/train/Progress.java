package org.segtrain.train;

import java.util.List;

/** Is told the progress of a training run, in the thread of the run. */
public interface Progress {

  /** Nobody listens. */
  Progress NONE = new Progress() {};

  /** Says something in one line. */
  default void message(String line) {}

  /** An optimiser step was made. */
  default void step(StepReport step) {}

  /** {@code done} of {@code all} validation images are measured. */
  default void evaluating(int done, int all) {}

  /** {@code done} of {@code all} windows of a validation image are read. */
  default void windows(int done, int all) {}

  /** The model was evaluated. */
  default void evaluated(EvaluationReport evaluation) {}

  /** Tells each of {@code all} in turn. */
  static Progress of(List<Progress> all) {
    return new Progress() {
      @Override
      public void message(String line) {
        all.forEach(each -> each.message(line));
      }

      @Override
      public void step(StepReport step) {
        all.forEach(each -> each.step(step));
      }

      @Override
      public void evaluating(int done, int count) {
        all.forEach(each -> each.evaluating(done, count));
      }

      @Override
      public void windows(int done, int count) {
        all.forEach(each -> each.windows(done, count));
      }

      @Override
      public void evaluated(EvaluationReport evaluation) {
        all.forEach(each -> each.evaluated(evaluation));
      }
    };
  }
}
