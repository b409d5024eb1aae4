package org.segtrain.cli.texts;

import org.segtrain.inference.EvaluationProgress;

/**
 * How many files are done, and the time left. While an image is cut into many windows, it is these
 * that are counted.
 */
public final class FileProgress implements EvaluationProgress, AutoCloseable {

  private static final int FEW = 8; // windows, which are read in seconds

  private final Screen screen;
  private final String task;
  private final Bar files;
  private Bar windows; // null but inside an image of many
  private int done; // files
  private int all;

  /**
   * Nothing is shown yet.
   *
   * @param task what is done
   * @param unit behind their number, such as " files"
   */
  public FileProgress(Screen screen, String task, String unit) {
    this.screen = screen;
    this.task = task;
    this.files = Bar.of(screen, task, unit);
  }

  /** Shows that {@code done} of {@code all} files are done. */
  @Override
  public void at(int done, int all) {
    this.done = done;
    this.all = all;
    files.at(done, all);
  }

  @Override
  public void windows(int done, int all) {
    if (all <= FEW) {
      return;
    }
    if (windows == null) {
      files.close(); // one bar at a time
      windows = Bar.of(screen, ofImage(), " windows");
    }
    windows.at(done, all);
    if (done == all) {
      windows.close();
      windows = null;
    }
  }

  private String ofImage() {
    return all > 1 ? "%s %d of %d".formatted(task, done + 1, all) : task;
  }

  @Override
  public void close() {
    if (windows != null) {
      windows.close();
    }
    files.close();
  }
}
