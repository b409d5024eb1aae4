package org.segtrain.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.segtrain.data.Photograph;
import org.segtrain.data.internal.ReadAhead;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tasks of all jobs have in common: images are read ahead, faults become rows. */
final class Task {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.spark");

  private Task() {}

  /**
   * Opens images ahead and works on one after another.
   *
   * @param open in another thread; null if there is nothing to do
   * @param work on what was opened
   * @return a row for each image
   */
  static <T> List<ReportRow> run(
      Iterator<String> items, Function<Item, T> open, Function<Opened<T>, ReportRow> work) {
    List<Item> all = new ArrayList<>();
    items.forEachRemaining(json -> all.add(Item.of(json)));
    List<ReportRow> rows = new ArrayList<>();
    try (ReadAhead<Opened<T>> opened =
        new ReadAhead<>(all.size(), i -> Opened.of(all.get(i), open), i -> all.get(i).image())) {
      for (Item item : all) {
        if (TaskContext.get().isInterrupted()) {
          throw new TaskKilledException();
        }
        rows.add(row(item, opened, work));
        if (rows.get(rows.size() - 1).is(ReportRow.State.STOPPED)) {
          return rows;
        }
      }
    }
    return rows;
  }

  private static <T> ReportRow row(
      Item item, ReadAhead<Opened<T>> opened, Function<Opened<T>, ReportRow> work) {
    try {
      return work.apply(opened.next());
    } catch (DataException e) {
      return ReportRow.failed(item, Words.of(e));
    } catch (Stopped e) {
      return ReportRow.stopped(item, e.getMessage());
    } catch (RuntimeException e) {
      if (TaskContext.get().isInterrupted()) {
        throw e;
      }
      LOG.error("{} failed", item.image(), e);
      return ReportRow.failed(item, "%s: %s".formatted(item.image(), Words.of(e)));
    }
  }

  /**
   * An image that was opened.
   *
   * @param content null if there is nothing to do
   */
  record Opened<T>(Item item, T content) {

    static <T> Opened<T> of(Item item, Function<Item, T> open) {
      return new Opened<>(item, open.apply(item));
    }
  }

  /**
   * Borrows a model.
   *
   * @throws Stopped if it cannot be opened
   */
  static ExecutorModels.Loan borrow(ModelUse use) {
    try {
      return ExecutorModels.of(use).borrow();
    } catch (DataException | UsageException | LinkageError e) {
      throw new Stopped(use.place().named(Words.of(e)), e);
    }
  }

  /** The fault of an image that is too large for the memory; throws every other. */
  static DataException tooLarge(String image, Photograph photograph, Throwable error) {
    if (!Shortage.isSaidBy(error)) {
      if (error instanceof Error wrong) {
        throw wrong;
      }
      throw (RuntimeException) error;
    }
    return new DataException(
        "%s (%d x %d pixels): %s"
            .formatted(image, photograph.width(), photograph.height(), Words.of(error)),
        error);
  }
}
