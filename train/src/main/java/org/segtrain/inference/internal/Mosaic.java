package org.segtrain.inference.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.engine.Aten;

/**
 * Joins the scores of windows: each pixel has the mean over those that it lies in. One row of
 * windows at a time is in memory, and of a wide photograph only some columns, so that its windows
 * at their edges are computed twice.
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
   * A mosaic of what a model says.
   *
   * @param input gives what the model reads of a picture, {@code 1 3 H W}
   * @param model gives scores, {@code N 3 H W -> N K h w}
   * @param alignCorners how they are enlarged
   * @param read is told of windows that the model has read, of each once
   * @param largest elements of joined scores that are in memory at a time, or as many as four
   *     windows beside one another have
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
    int most = columns(own, photograph, windows);
    for (int left = 0; left < width; left += most) {
      int right = Math.min(width, left + most);
      joinColumns(own, photograph, windows.seeing(left, right), left, right, sink);
    }
  }

  /** How many columns are joined at a time. */
  private int columns(NDManager own, Photograph photograph, Windows windows) {
    if (windows.lefts().size() == 1) {
      return photograph.width();
    }
    try (NDManager one = own.newSubManager()) {
      Picture first = photograph.part(0, 0, windows.width(), windows.height());
      long classes = model.apply(input.apply(one, first)).size(1);
      long fit = largest / (classes * windows.height());
      long least = (long) LEAST_WIDE * windows.width();
      return (int) Math.min(photograph.width(), Math.max(least, fit));
    }
  }

  private void joinColumns(
      NDManager own, Photograph photograph, Windows windows, int left, int right, Sink sink) {
    List<Integer> tops = windows.tops();
    int origin = windows.left();
    Joined joined = new Joined(own, windows);
    try {
      for (int i = 0; i < tops.size(); i++) {
        int top = tops.get(i);
        int end = i + 1 < tops.size() ? tops.get(i + 1) : photograph.height();
        Picture seen = photograph.part(origin, top, windows.right() - origin, windows.height());
        joined.moveTo(top);
        add(joined, windows, seen, left);
        try (NDManager done = own.newSubManager()) {
          NDIndex part = new NDIndex("..., :{}, {}:{}", end - top, left - origin, right - origin);
          sink.accept(joined.mean(done, part), left, top);
        }
      }
    } finally {
      joined.close();
    }
  }

  /**
   * Adds the scores of a row of windows, of which {@code seen} is all that they see.
   *
   * @param first column of the part that is joined; windows that begin before it are told before
   */
  private void add(Joined joined, Windows windows, Picture seen, int first) {
    try (NDManager row = joined.manager().newSubManager()) {
      NDArray image = input.apply(row, seen);
      List<Integer> lefts = windows.lefts();
      int most = together(image, windows);
      for (int from = 0; from < lefts.size(); from += most) {
        List<Integer> some = lefts.subList(from, Math.min(from + most, lefts.size()));
        try (NDManager one = row.newSubManager()) {
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
                one,
                columns(windows, some.get(i)),
                scores.get(one, new NDIndex("{}:{}", i, i + 1)));
          }
        }
        read.accept((int) some.stream().filter(left -> left >= first).count());
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

  /** Sums of the scores of the rows that one row of windows sees, and of how many. */
  private static final class Joined implements AutoCloseable {

    private final NDManager manager;
    private final int height;
    private final int width;
    private final NDArray count; // 1 1 h w
    private NDArray sum; // 1 K h w
    private int top;

    Joined(NDManager outer, Windows windows) {
      this.manager = outer.newSubManager();
      this.height = windows.height();
      this.width = windows.right() - windows.left();
      this.count = manager.zeros(new Shape(1, 1, height, width));
    }

    NDManager manager() {
      return manager;
    }

    /** Forgets the rows above {@code to}, and makes room below. */
    void moveTo(int to) {
      int by = to - top;
      top = to;
      if (by > 0) {
        move(sum, by);
        move(count, by);
      }
    }

    private void move(NDArray rows, int by) {
      int kept = Math.max(0, height - by);
      if (kept > 0) {
        try (NDArray below = copy(rows, by)) {
          rows.set(new NDIndex("..., :{}, :", kept), below);
        }
      }
      rows.set(new NDIndex("..., {}:, :", kept), 0);
    }

    private static NDArray copy(NDArray rows, int from) {
      try (NDArray view = rows.get(new NDIndex("..., {}:, :", from))) {
        return view.duplicate();
      }
    }

    void add(NDManager one, NDIndex where, NDArray scores) {
      if (sum == null) {
        sum = manager.zeros(new Shape(1, scores.size(1), height, width));
      }
      sum.get(one, where).addi(scores);
      count.get(one, where).addi(1);
    }

    NDArray mean(NDManager one, NDIndex part) {
      return sum.get(one, part).div(count.get(one, part));
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
