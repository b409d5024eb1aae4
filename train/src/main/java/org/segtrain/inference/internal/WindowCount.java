package org.segtrain.inference.internal;

import java.util.function.IntConsumer;
import org.segtrain.inference.EvaluationProgress;

/** Counts the windows of one photograph that a model has read. */
final class WindowCount implements IntConsumer {

  private final EvaluationProgress progress;
  private final int all;
  private int done;

  /**
   * None is read yet.
   *
   * @param progress is told of each
   * @param all windows, at all scales and mirrored too
   */
  WindowCount(EvaluationProgress progress, long all) {
    this.progress = progress;
    this.all = (int) Math.min(Integer.MAX_VALUE, all);
  }

  /** Another {@code more} were read. */
  @Override
  public void accept(int more) {
    done += more;
    progress.windows(done, all);
  }
}
