package org.segtrain.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.errors.UsageException;

/**
 * The counts on the images of a split, from which every figure follows. Pixels without a label are
 * in none of them.
 *
 * @param classes names
 * @param confusion pixels by true class, then by predicted class
 * @param boundary pixels in the boundary regions of each class, of labels and predictions
 * @param images those that were measured, in the order of the split
 */
public record Evaluation(
    List<String> classes,
    List<List<Long>> confusion,
    List<ClassCounts> boundary,
    List<ImageCounts> images) {

  public Evaluation {
    classes = List.copyOf(classes);
    confusion = confusion.stream().map(List::copyOf).toList();
    boundary = List.copyOf(boundary);
    images = List.copyOf(images);
  }

  /** IoU, accuracy and the like. */
  public Metrics metrics() {
    return Metrics.of(
        classes,
        confusion.stream()
            .map(row -> row.stream().mapToLong(Long::longValue).toArray())
            .toArray(long[][]::new));
  }

  /**
   * Boundary IoU: the IoU of the pixels within 2 % of the image's diagonal from the contours of a
   * class, in labels and predictions. Cheng et al., "Boundary IoU: Improving Object-Centric Image
   * Segmentation Evaluation" (arXiv:2103.16562), equation 3; summed over all images, so that its
   * mean is over classes as that of mIoU.
   */
  public Metrics boundaryMetrics() {
    return new Metrics(classes, boundary);
  }

  /** The 95 % confidence interval of mIoU, by resampling the images that have labels. */
  public Interval meanIouInterval() {
    return new Bootstrap(classes.size(), labelled()).meanIou();
  }

  /**
   * By how much the IoU of each class is above that of {@code other}, and behind them mIoU, with 95
   * % confidence intervals. They are over the images with labels that both measured.
   *
   * @throws UsageException if the two are of other classes, images or labels
   */
  public List<Difference> differences(Evaluation other) {
    List<ImageCounts> mine = labelled();
    List<ImageCounts> theirs = other.labelled();
    boolean same =
        classes.equals(other.classes)
            && mine.size() == theirs.size()
            && IntStream.range(0, mine.size())
                .allMatch(i -> mine.get(i).hasLabelsOf(theirs.get(i)));
    if (!same) {
      throw new UsageException(
          "the two evaluations are of other classes, images or labels; compare those of one data set");
    }
    return new PairedBootstrap(classes.size(), mine, theirs).differences();
  }

  private List<ImageCounts> labelled() {
    return images.stream().filter(image -> image.pixels() > 0).toList();
  }

  /** The images by their mIoU, the lowest first, those without labels last. */
  public List<ImageCounts> worstFirst() {
    return images.stream().sorted(Comparator.comparingDouble(ImageCounts::meanIou)).toList();
  }

  /** This with the counts of other images of the same split. */
  public Evaluation plus(Evaluation other) {
    List<List<Long>> sums =
        IntStream.range(0, confusion.size())
            .mapToObj(k -> sum(confusion.get(k), other.confusion.get(k)))
            .toList();
    List<ClassCounts> regions =
        IntStream.range(0, boundary.size())
            .mapToObj(k -> boundary.get(k).plus(other.boundary.get(k)))
            .toList();
    List<ImageCounts> all =
        Stream.concat(images.stream(), other.images.stream())
            .sorted(Comparator.comparingInt(ImageCounts::index))
            .toList();
    return new Evaluation(classes, sums, regions, all);
  }

  private static List<Long> sum(List<Long> a, List<Long> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) + b.get(i)).toList();
  }
}
