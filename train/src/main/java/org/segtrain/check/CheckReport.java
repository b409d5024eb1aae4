package org.segtrain.check;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/**
 * The figures of a data set, and its faults.
 *
 * @param dataset kind of data set
 * @param folder of the data
 * @param splits those that have images
 * @param classes in the order of their labels
 * @param largest the largest image; null if none can be read
 * @param voidCrops share of the training crops without a pixel of a class, 0-1, of those drawn
 * @param findings errors first
 * @param files images and masks
 * @param read files that were read now; the others did not change since an earlier check
 * @param seconds that it took
 */
public record CheckReport(
    String dataset,
    String folder,
    List<SplitReport> splits,
    List<ClassReport> classes,
    Largest largest,
    double voidCrops,
    List<Finding> findings,
    int files,
    int read,
    double seconds) {

  public CheckReport {
    splits = List.copyOf(splits);
    classes = List.copyOf(classes);
    findings = List.copyOf(findings);
  }

  /**
   * A split.
   *
   * @param images with their masks, as far as both can be read
   * @param sizes of the images, pixels, such as "480 x 360", the commonest first
   * @param voidShare share of the pixels without a class, 0-1; in training each image counts with
   *     the weight of its folder
   */
  public record SplitReport(
      Split split, int images, Map<String, Integer> sizes, double voidShare) {}

  /**
   * A class.
   *
   * @param colour in pictures, {@code #rrggbb}
   * @param pixels by split
   * @param shares of the labelled pixels, 0-1, by split; in training with the weights of folders
   * @param images that have it, by split
   * @param weight n / (K n_k) of the training pixels, counted likewise: n of all classes, n_k of
   *     this, K classes that occur; 0 of one that does not (inverse frequency, as King and Zeng,
   *     "Logistic Regression in Rare Events Data", 2001, section 4.2, weigh)
   */
  public record ClassReport(
      int label,
      String name,
      String colour,
      Map<Split, Long> pixels,
      Map<Split, Double> shares,
      Map<Split, Integer> images,
      double weight) {}

  /**
   * The image with most pixels.
   *
   * @param bytes of the Java heap that reading it takes
   */
  public record Largest(String file, int width, int height, long bytes) {}

  /**
   * The report of data that cannot be listed.
   *
   * @param why says what is missing
   */
  public static CheckReport ofNothing(TrainConfig config, DataException why) {
    return new CheckReport(
        config.data().dataset(),
        DataCheck.folders(config).collect(Collectors.joining(", ")),
        List.of(),
        List.of(),
        null,
        0,
        List.of(Finding.of(Kind.NO_IMAGES, List.of(Case.of(why.getMessage(), "")))),
        0,
        0,
        0);
  }

  /** Whether training would fail, or learn from wrong labels. */
  public boolean hasErrors() {
    return count(Finding.Severity.ERROR) > 0;
  }

  /** The number of findings of that severity. */
  public long count(Finding.Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}
