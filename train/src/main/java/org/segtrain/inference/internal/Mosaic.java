package org.segtrain.inference.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;

/**
 * Joins the scores of windows: each pixel has the mean over those that it lies in. A wide
 * photograph is cut into strips of columns, and windows at their edges are computed twice. Memory
 * holds one row of windows of one strip at a time, and of the others the rows that their next
 * windows share. So the photograph is read from top to bottom, and most of it once.
 */
final class Mosaic {

  private static final int MOST_TOGETHER = 4; // windows of one forward pass

  /** Pixels of one forward pass on a CPU, which gains nothing from more: 512 x 512. */
  private static final int PIXELS_TOGETHER = 1 << 18;

  /** Windows beside one another whose columns are joined at least, so that few are seen twice. */
  private static final int LEAST_WIDE = 4;

  private final BiFunction<NDManager, Picture, NDArray> input;
  private final UnaryOperator<NDArray> model;
  private final boolean alignCorners;
  private final IntConsumer read;
  private final long largest;

  /** Takes joined scores. */
  interface Sink {

    /**
     * A part is done.
     *
     * @param scores {@code 1 K H W}; closed afterwards
     * @param left column of the photograph where it begins
     * @param top row of the photograph where it begins
     */
    void accept(NDArray scores, int left, int top);
  }

  /**
   * A mosaic of the scores of a model.
   *
   * @param input gives the input of the model for a picture, {@code 1 3 H W}
   * @param model gives scores, {@code N 3 H W -> N K h w}
   * @param alignCorners how they are enlarged
   * @param read is told of windows that the model has read, of each once
   * @param largest elements of joined scores that are in memory at a time, or as many as four
   *     windows beside one another have; and as many that are kept for the next row of windows
   */
  Mosaic(
      BiFunction<NDManager, Picture, NDArray> input,
      UnaryOperator<NDArray> model,
      boolean alignCorners,
      IntConsumer read,
      long largest) {
    this.input = input;
    this.model = model;
    this.alignCorners = alignCorners;
    this.read = read;
    this.largest = largest;
  }

  /** Gives the scores of all of {@code photograph}. */
  void join(NDManager own, Photograph photograph, Windows windows, Sink sink) {
    int width = photograph.width();
    Columns columns = columns(own, photograph, windows);
    for (int left = 0; left < width; left += columns.kept()) {
      int right = Math.min(width, left + columns.kept());
      try (NDManager manager = own.newSubManager()) {
        List<Strip> strips = new ArrayList<>();
        for (int from = left; from < right; from += columns.joined()) {
          int to = Math.min(right, from + columns.joined());
          strips.add(new Strip(manager, windows.seeing(from, to), from, to));
        }
        for (List<Integer> rows : windows.rows()) {
          for (Strip strip : strips) {
            rows.forEach(row -> joinRow(strip, photograph, row, sink));
          }
        }
      }
    }
  }

  /**
   * How many columns are worked on at a time.
   *
   * @param joined of one strip
   * @param kept of all strips of which rows are kept, a multiple of {@code joined}
   */
  private record Columns(int joined, int kept) {}

  private Columns columns(NDManager own, Photograph photograph, Windows windows) {
    int width = photograph.width();
    if (windows.lefts().size() == 1) {
      return new Columns(width, width);
    }
    try (NDManager one = own.newSubManager()) {
      Picture first = photograph.part(0, 0, windows.width(), windows.height());
      long classes = model.apply(input.apply(one, first)).size(1);
      long least = (long) LEAST_WIDE * windows.width();
      long joined = Math.max(least, largest / (classes * windows.height()));
      long kept = largest / (classes * Math.max(1, windows.overlap()));
      return new Columns(
          (int) Math.min(width, joined),
          (int) Math.min(width, Math.max(1, kept / joined) * joined));
    }
  }

  private void joinRow(Strip strip, Photograph photograph, int row, Sink sink) {
    Windows windows = strip.windows;
    int top = windows.tops().get(row);
    int end = row + 1 < windows.tops().size() ? windows.tops().get(row + 1) : photograph.height();
    int origin = windows.left();
    Picture seen = photograph.part(origin, top, windows.right() - origin, windows.height());
    try (NDManager own = strip.manager.newSubManager()) {
      Joined joined = new Joined(own, windows);
      strip.takeUp(joined);
      add(strip, joined, seen);
      NDIndex done =
          new NDIndex("..., :{}, {}:{}", end - top, strip.left - origin, strip.right - origin);
      sink.accept(joined.mean(done), strip.left, top);
      strip.keep(joined, end - top);
    }
  }

  /** Adds the scores of a row of windows, of which {@code seen} is all that they see. */
  private void add(Strip strip, Joined joined, Picture seen) {
    Windows windows = strip.windows;
    NDArray image = input.apply(joined.manager, seen);
    List<Integer> lefts = windows.lefts();
    int most = together(image, windows);
    for (int from = 0; from < lefts.size(); from += most) {
      List<Integer> some = lefts.subList(from, Math.min(from + most, lefts.size()));
      try (NDManager one = joined.manager.newSubManager()) {
        NDList parts = new NDList();
        some.forEach(left -> parts.add(image.get(one, columns(windows, left))));
        NDArray scores =
            Aten.resizeBilinear(
                model.apply(NDArrays.concat(parts)),
                windows.height(),
                windows.width(),
                alignCorners); // N K h w
        for (int i = 0; i < some.size(); i++) {
          joined.add(
              one, columns(windows, some.get(i)), scores.get(one, new NDIndex("{}:{}", i, i + 1)));
        }
        read.accept((int) some.stream().filter(left -> left >= strip.left).count());
      }
    }
  }

  private static int together(NDArray image, Windows windows) {
    return image.getDevice().isGpu()
        ? MOST_TOGETHER
        : Math.max(
            1, Math.min(MOST_TOGETHER, PIXELS_TOGETHER / (windows.height() * windows.width())));
  }

  private static NDIndex columns(Windows windows, int left) {
    int from = left - windows.left();
    return new NDIndex("..., {}:{}", from, from + windows.width());
  }

  /** Some columns, and what is kept of them for the next row of windows. */
  private static final class Strip {

    private final NDManager manager;
    private final Windows windows;
    private final int left;
    private final int right;
    private NDList kept = new NDList(); // sums and counts, 1 K r w and 1 1 r w; none yet

    Strip(NDManager manager, Windows windows, int left, int right) {
      this.manager = manager;
      this.windows = windows;
      this.left = left;
      this.right = right;
    }

    /** Hands on what is kept. */
    void takeUp(Joined joined) {
      if (!kept.isEmpty()) {
        joined.begin(kept.get(0), kept.get(1));
      }
      kept.close();
      kept = new NDList();
    }

    /** Keeps the rows from {@code by} on, if there are any. */
    void keep(Joined joined, int by) {
      if (by < windows.height()) {
        kept = joined.rows(by);
        kept.attach(manager);
      }
    }
  }

  /** Sums of the scores of the rows that one row of windows sees, and of how many. */
  private static final class Joined {

    private final NDManager manager;
    private final int height;
    private final int width;
    private final NDArray count; // 1 1 h w
    private NDArray sum; // 1 K h w

    Joined(NDManager manager, Windows windows) {
      this.manager = manager;
      this.height = windows.height();
      this.width = windows.right() - windows.left();
      this.count = manager.zeros(new Shape(1, 1, height, width));
    }

    /** Begins with what the windows above gave to the first rows. */
    void begin(NDArray sums, NDArray counts) {
      NDIndex rows = new NDIndex("..., :{}, :", sums.size(2));
      require(sums.size(1));
      sum.set(rows, sums);
      count.set(rows, counts);
    }

    void add(NDManager one, NDIndex where, NDArray scores) {
      require(scores.size(1));
      sum.get(one, where).addi(scores);
      ArrayLists.add(List.of(count.get(one, where)), 1);
    }

    private void require(long classes) {
      if (sum == null) {
        sum = manager.zeros(new Shape(1, classes, height, width));
      }
    }

    NDArray mean(NDIndex part) {
      return sum.get(manager, part).div(count.get(manager, part));
    }

    /** Copies of the sums and counts of the rows from {@code from} on. */
    NDList rows(int from) {
      NDIndex rows = new NDIndex("..., {}:, :", from);
      return new NDList(sum.get(manager, rows).duplicate(), count.get(manager, rows).duplicate());
    }
  }
}
