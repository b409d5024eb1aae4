package org.segtrain.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pixels of one class that were taken for another.
 *
 * @param labelled number of the class that they are labelled as
 * @param predicted number of the class that they were taken for
 * @param pixels how many
 * @param share of the pixels of that label, 0-1
 */
public record Confusion(int labelled, int predicted, long pixels, double share) {

  /**
   * Those of the most pixels, the largest first.
   *
   * @param count how many at most
   */
  public static List<Confusion> most(Evaluation evaluation, int count) {
    List<Confusion> all = new ArrayList<>();
    int classes = evaluation.classes().size();
    for (int label = 0; label < classes; label++) {
      List<Long> row = evaluation.confusion().get(label);
      long labelled = row.stream().mapToLong(Long::longValue).sum();
      for (int k = 0; k < classes; k++) {
        if (k != label && row.get(k) > 0) {
          double share = row.get(k) / (double) labelled;
          all.add(new Confusion(label, k, row.get(k), share));
        }
      }
    }
    return all.stream()
        .sorted(Comparator.comparingLong(Confusion::pixels).reversed())
        .limit(count)
        .toList();
  }
}
