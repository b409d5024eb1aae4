package org.segtrain.inference.internal;

import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.EvaluationConfig;

/**
 * Where windows lie over an image, as in MMSegmentation's {@code slide_inference}: a stride apart,
 * the last of a row or column moved back so that it ends with the image.
 *
 * @param height of each, pixels
 * @param width of each, pixels
 * @param places their upper left corners, row by row
 */
record Windows(int height, int width, List<Place> places) {

  /** An upper left corner, pixels. */
  record Place(int top, int left) {}

  Windows {
    places = List.copyOf(places);
  }

  /** Those over an image of {@code height x width}; an edge shorter than theirs is theirs. */
  static Windows over(int height, int width, EvaluationConfig.Window window) {
    ImageSize size = window.size();
    ImageSize stride = window.stride();
    List<Place> places = new ArrayList<>();
    for (int top : begins(height, size.height(), stride.height())) {
      for (int left : begins(width, size.width(), stride.width())) {
        places.add(new Place(top, left));
      }
    }
    return new Windows(Math.min(height, size.height()), Math.min(width, size.width()), places);
  }

  /** Its part of an array {@code B C H W}. */
  NDIndex index(Place place) {
    return new NDIndex(
        "..., {}:{}, {}:{}", place.top(), place.top() + height, place.left(), place.left() + width);
  }

  private static List<Integer> begins(int length, int size, int stride) {
    int steps = (Math.max(length - size, 0) + stride - 1) / stride;
    List<Integer> begins = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      begins.add(Math.max(0, Math.min(i * stride, length - size)));
    }
    return begins;
  }
}
