package org.segtrain.metrics;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The counts on one image.
 *
 * @param index of the image in its split, from 0
 * @param file its name: its path, where it has one
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

  /** Whether it may be the same image with the same labels. */
  boolean hasLabelsOf(ImageCounts other) {
    return index == other.index
        && width == other.width
        && height == other.height
        && labelled().equals(other.labelled());
  }

  /** Its labelled pixels by class. */
  private Map<Integer, Long> labelled() {
    return counts.stream()
        .filter(count -> count.labelled() > 0)
        .collect(Collectors.toMap(ClassCounts::label, ClassCounts::labelled));
  }

  private Metrics metrics() {
    return new Metrics(List.of(), counts);
  }
}
