package org.segtrain.metrics.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segtrain.data.Sample;
import org.segtrain.images.PixelSize;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;

/** An evaluation under way, image by image. */
public final class Tally {

  private final List<String> classes;
  private final ConfusionMatrix matrix;
  private final BoundaryCounts boundary;
  private final List<ImageCounts> images = new ArrayList<>();

  /** Without an image. */
  public Tally(List<String> classes) {
    this.classes = classes;
    this.matrix = new ConfusionMatrix(classes.size(), Sample.VOID);
    this.boundary = new BoundaryCounts(classes.size());
  }

  /**
   * Counts one image.
   *
   * @param index in its split
   * @param size of the image
   * @param predictions {@code H*W} classes
   * @param labels {@code H*W} classes, or void
   */
  public void add(int index, String file, PixelSize size, byte[] predictions, byte[] labels) {
    long[][] own = matrix.count(predictions, labels);
    boundary.add(predictions, labels, size.width(), size.height());
    matrix.add(own);
    List<ClassCounts> counts =
        ClassCounts.of(own).stream().filter(count -> count.either() > 0).toList();
    images.add(new ImageCounts(index, file, size.width(), size.height(), counts));
  }

  /** What was counted. */
  public Evaluation evaluation() {
    List<List<Long>> rows =
        Arrays.stream(matrix.rows()).map(row -> Arrays.stream(row).boxed().toList()).toList();
    return new Evaluation(classes, rows, boundary.counts(), images);
  }
}
