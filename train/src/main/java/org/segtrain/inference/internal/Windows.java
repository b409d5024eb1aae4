package org.segtrain.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.EvaluationConfig;

/**
 * The places of windows over an image, as in MMSegmentation's {@code slide_inference}. They lie a
 * stride apart; the last of a row or column is moved back so that it ends with the image.
 *
 * @param height of each, pixels
 * @param width of each, pixels
 * @param tops first rows of those of a column
 * @param lefts first columns of those of a row
 */
record Windows(int height, int width, List<Integer> tops, List<Integer> lefts) {

  Windows {
    tops = List.copyOf(tops);
    lefts = List.copyOf(lefts);
  }

  /** Those over an image of {@code height x width}; an edge shorter than theirs is theirs. */
  static Windows over(int height, int width, EvaluationConfig.Window window) {
    ImageSize size = window.size();
    ImageSize stride = window.stride();
    return new Windows(
        Math.min(height, size.height()),
        Math.min(width, size.width()),
        begins(height, size.height(), stride.height()),
        begins(width, size.width(), stride.width()));
  }

  /** How many there are over such an image. */
  static long count(int height, int width, EvaluationConfig.Window window) {
    return (1L + steps(height, window.size().height(), window.stride().height()))
        * (1 + steps(width, window.size().width(), window.stride().width()));
  }

  /** Those that see some of the columns from {@code left} to before {@code right}. */
  Windows seeing(int left, int right) {
    List<Integer> some =
        lefts.stream().filter(from -> from < right && from + width > left).toList();
    return new Windows(height, width, tops, some);
  }

  /**
   * The numbers of the rows of windows, of which those together follow one another in each strip of
   * columns: the last two, since the last is moved back and sees more of the row above.
   */
  List<List<Integer>> rows() {
    int alone = Math.max(0, tops.size() - 2);
    Stream<List<Integer>> ends = Stream.of(IntStream.range(alone, tops.size()).boxed().toList());
    return Stream.concat(IntStream.range(0, alone).mapToObj(List::of), ends).toList();
  }

  /**
   * How many rows of pixels a row of windows shares with the next, which does not follow at once.
   */
  int overlap() {
    return tops.size() > 2 ? Math.max(0, height - tops.get(1)) : 0;
  }

  /** The first column that they see. */
  int left() {
    return lefts.get(0);
  }

  /** The column behind the last that they see. */
  int right() {
    return lefts.get(lefts.size() - 1) + width;
  }

  /** From the first to the last along an edge. */
  private static int steps(int length, int size, int stride) {
    return (int) ((Math.max((long) length - size, 0) + stride - 1) / stride);
  }

  private static List<Integer> begins(int length, int size, int stride) {
    int steps = steps(length, size, stride);
    List<Integer> begins = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      begins.add((int) Math.max(0, Math.min((long) i * stride, length - size)));
    }
    return begins;
  }
}
