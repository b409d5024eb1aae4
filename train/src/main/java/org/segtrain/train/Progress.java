package org.segtrain.train;

import java.util.List;

/** What a training run tells while it runs, in its own thread. */
public interface Progress {

  /** Nobody listens. */
  Progress NONE = new Progress() {};

  /** Says something in one line. */
  default void message(String line) {}

  /** An optimiser step was made. */
  default void step(StepReport step) {}

  /** Of {@code all} validation images {@code done} are measured. */
  default void evaluating(int done, int all) {}

  /** Of a validation image that is cut into {@code all} windows {@code done} are read. */
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
