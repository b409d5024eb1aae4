package org.segtrain.cli.texts;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How much of something is done, and the time left: a bar at the bottom of the screen, or, where
 * nobody watches, a line now and then.
 */
public final class Bar implements AutoCloseable {

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);
  private static final int MILLISECONDS = 250; // between drawings
  private static final int COLUMNS = 79; // at most, so that most windows can be made narrower

  private final Screen screen;
  private final String task;
  private final String unit;
  private final int size;
  private final long start = System.nanoTime();
  private long lastLine = start;
  private ProgressBar bar; // null where nobody watches, and before there is something to show

  private Bar(Screen screen, String task, String unit, int size) {
    this.screen = screen;
    this.task = task;
    this.unit = unit;
    this.size = size;
  }

  /**
   * A bar that is shown when the first is done.
   *
   * @param task what is done
   * @param unit behind their number, such as " images"
   */
  public static Bar of(Screen screen, String task, String unit) {
    return new Bar(screen, task, unit, 1);
  }

  /**
   * The same of bytes, or other things that are too many.
   *
   * @param size how many of them are one unit
   */
  public static Bar of(Screen screen, String task, String unit, int size) {
    return new Bar(screen, task, unit, size);
  }

  /** A bar of something of which nobody knows how much there is; it is shown at once. */
  public static Bar busy(Screen screen, String task) {
    Bar busy = new Bar(screen, task, "", 1);
    busy.at(0, -1);
    return busy;
  }

  /**
   * Shows how much is done.
   *
   * @param all of how much; negative if unknown
   */
  public void at(long done, long all) {
    at(done, all, "");
  }

  /**
   * Shows how much is done, and something else behind it.
   *
   * @param also as long each time
   */
  public void at(long done, long all, String also) {
    if (!screen.isWatched()) {
      if (all != 0 && done > 0 && isTimeForALine()) {
        String whole = all < 0 ? "" : " of " + all / size;
        screen.say("%s: %d%s%s".formatted(task, done / size, whole, unit));
      }
      return;
    }
    if (bar == null) {
      long from = size == 1 ? Math.max(0, done - 1) : done;
      bar =
          new ProgressBarBuilder()
              .setTaskName(Printable.of(task))
              .setInitialMax(all)
              .setUnit(unit, size)
              .setUpdateIntervalMillis(MILLISECONDS)
              .continuousUpdate() // else a step made while it draws is not drawn before the next
              .setStyle(
                  screen.hasBlocks() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
              .startsFrom(from, Duration.ofNanos(System.nanoTime() - start))
              .setConsumer(new Bottom(screen))
              .clearDisplayOnFinish()
              .build();
    }
    bar.setExtraMessage(also);
    bar.maxHint(all);
    bar.stepTo(done);
  }

  /** Whether so much time passed since the last line that there may be another. */
  boolean isTimeForALine() {
    boolean time = System.nanoTime() - lastLine > BETWEEN_LINES.toNanos();
    lastLine = time ? System.nanoTime() : lastLine;
    return time;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  /** The bottom of a screen, as the library draws on it, from a thread of its own. */
  private record Bottom(Screen screen) implements ProgressBarConsumer {

    @Override
    public int getMaxRenderedLength() {
      return Math.min(COLUMNS, Math.max(1, screen.width() - 1));
    }

    @Override
    public void accept(String bar) {
      screen.show(bar.strip());
    }

    @Override
    public void clear() {
      screen.show("");
    }

    @Override
    public void close() {
      screen.show("");
    }
  }
}
