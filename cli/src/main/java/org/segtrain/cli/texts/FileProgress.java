package org.segtrain.cli.texts;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.segtrain.inference.EvaluationProgress;

/**
 * How many files are done, and the time left, in a terminal; elsewhere nothing. While an image is
 * cut into many windows, it is these that are counted.
 */
public final class FileProgress implements EvaluationProgress, AutoCloseable {

  private static final int FEW = 8; // windows, which are read in seconds
  private static final String WINDOWS = " windows";

  private final String task;
  private final String unit;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private ProgressBar bar; // null outside a terminal, and before there is something to show
  private String counted = ""; // what it counts
  private int files; // that are done
  private int allFiles;

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
  @Override
  public void at(int done, int all) {
    files = done;
    allFiles = all;
    Duration before = Duration.ofNanos(System.nanoTime() - start);
    show(task, unit, Math.max(0, done - 1), before, done, all);
  }

  @Override
  public void windows(int done, int all) {
    if (all <= FEW) {
      return;
    }
    String file = allFiles > 1 ? " %d of %d".formatted(files + 1, allFiles) : "";
    show(task + file, WINDOWS, 0, Duration.ZERO, done, all);
    if (done == all) {
      close();
    }
  }

  private void show(String name, String counts, int first, Duration before, int done, int all) {
    if (!terminal) {
      return;
    }
    if (bar != null && !(counted.equals(counts) && bar.getMax() == all)) {
      close();
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(all)
              .setUnit(counts, 1)
              .startsFrom(first, before)
              .clearDisplayOnFinish()
              .build();
      counted = counts;
    }
    bar.stepTo(done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
