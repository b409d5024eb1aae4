package org.segtrain.torchscript;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Samples of few pixels, for programs that need not hold above 60 of them on a side. */
final class SmallMaps {

  private SmallMaps() {}

  /** Maps {@code B channels H W}; of those that are checked some are larger than any recorded. */
  static Samples of(int channels) {
    return Samples.ofShapes(
        shapes(channels, 1, 13, 29, 2, 31, 17, 1, 23, 40, 3, 19, 22, 1, 37, 14, 2, 16, 35),
        shapes(channels, 4, 21, 12, 1, 33, 26, 7, 53, 15, 1, 12, 59));
  }

  private static List<Shape> shapes(int channels, int... sizes) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < sizes.length; i += 3) {
      shapes.add(new Shape(sizes[i], channels, sizes[i + 1], sizes[i + 2]));
    }
    return shapes;
  }
}
