package org.segtrain.cli.texts;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How many files are done, and the time left, in a terminal; elsewhere nothing. */
public final class FileProgress implements AutoCloseable {

  private final String task;
  private final String unit;
  private final boolean terminal;
  private ProgressBar bar; // null outside a terminal, and before the first file

  /**
   * Nothing is shown yet.
   *
   * @param task what is done
   * @param unit behind their number, such as " files"
   * @param terminal whether a person watches
   */
  public FileProgress(String task, String unit, boolean terminal) {
    this.task = task;
    this.unit = unit;
    this.terminal = terminal;
  }

  /** Shows that {@code done} of {@code all} files are done. */
  public void at(int done, int all) {
    if (!terminal) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(all)
              .setUnit(unit, 1)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
