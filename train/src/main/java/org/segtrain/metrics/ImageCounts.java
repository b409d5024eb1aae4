package org.segtrain.metrics;

import java.util.List;

/**
 * What was found on one image.
 *
 * @param index of the image in its split, from 0
 * @param file what to call it: its path, where it has one
 * @param width pixels
 * @param height pixels
 * @param counts of the classes that are in its labels or in its prediction, by label
 */
public record ImageCounts(int index, String file, int width, int height, List<ClassCounts> counts) {

  public ImageCounts {
    counts = List.copyOf(counts);
  }

  /** Mean IoU over the classes in its labels or in its prediction, 0-1; NaN without labels. */
  public double meanIou() {
    return metrics().meanIou();
  }

  /** Share of its labelled pixels that were found, 0-1; NaN without labels. */
  public double accuracy() {
    return metrics().accuracy();
  }

  /** Labelled pixels. */
  public long pixels() {
    return metrics().pixels();
  }

  private Metrics metrics() {
    return new Metrics(List.of(), counts);
  }
}
