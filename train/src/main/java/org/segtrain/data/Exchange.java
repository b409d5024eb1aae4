package org.segtrain.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.errors.DataException;

/** Photographs in the place of masks, and masks in that of photographs. */
final class Exchange {

  /** More values or colours are those of a photograph. */
  private static final int MOST_VALUES = 64;

  private static final int LOOKED_AT = 16; // pairs

  private Exchange() {}

  /** Whether it is so with most of these pairs, some of which are looked at. */
  static boolean isLikely(List<Pair> pairs) {
    int looks = Math.min(LOOKED_AT, pairs.size());
    long exchanged =
        IntStream.range(0, looks)
            .mapToObj(i -> pairs.get((int) ((long) i * pairs.size() / looks)))
            .filter(Exchange::isLikely)
            .count();
    return 2 * exchanged > looks;
  }

  static boolean isLikely(Pair pair) {
    return isPhotograph(pair.mask()) && isMask(pair.image());
  }

  private static boolean isPhotograph(Path file) {
    try {
      return values(file) > MOST_VALUES;
    } catch (DataException noMask) {
      return isRead(file);
    }
  }

  private static boolean isMask(Path file) {
    try {
      return values(file) <= MOST_VALUES;
    } catch (DataException noMask) {
      return false;
    }
  }

  private static int values(Path file) {
    MaskFacts facts = FileFacts.ofMask(file);
    return facts.pixels().size();
  }

  private static boolean isRead(Path file) {
    try {
      return ImageFiles.readRgb(file).width() > 0;
    } catch (DataException neither) {
      return false;
    }
  }

  /**
   * The sentence about it: the fault and the remedy.
   *
   * @param where it is so, with a comma before; empty if that is said elsewhere
   */
  static String sentence(Layout layout, String where) {
    return "images and annotations seem exchanged%s; give files.images %s and files.masks %s"
        .formatted(where, layout.masks().text(), layout.images().text());
  }
}
