package org.segtrain.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.segtrain.augment.Edges;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.internal.PhotographFacts;
import org.segtrain.errors.Counted;

/** Sizes that do not suit one another, or the crops, or the memory. */
final class SizeFindings {

  private static final int ENLARGED = 8; // times, for a crop
  private static final int LONGEST = 4; // short edges, by MMSegmentation's rules
  private static final double USED = 0.8; // share of the heap

  private final Evidence evidence;
  private final long heap;

  /**
   * Judges the sizes.
   *
   * @param heap bytes to which the Java heap may grow
   */
  SizeFindings(Evidence evidence, long heap) {
    this.evidence = evidence;
    this.heap = heap;
  }

  List<Finding> findings() {
    Grouping grouping = new Grouping();
    for (Read read : evidence.pairs()) {
      if (!fits(read)) {
        grouping.add(turned(read) ? Kind.TURNED_BY_EXIF : Kind.SIZES_DIFFER, apart(read));
      }
      if (isTiny(read.photograph())) {
        grouping.add(Kind.TINY, tiny(read));
      }
      if (isElongated(read.photograph())) {
        grouping.add(Kind.ELONGATED, elongated(read));
      }
    }
    List<Finding> findings = new ArrayList<>(grouping.findings());
    List<Read> large = evidence.pairs().stream().filter(this::takesMuch).toList();
    if (!large.isEmpty()) {
      findings.add(memory(large));
    }
    return findings;
  }

  private static boolean fits(Read read) {
    return read.photograph().width() == read.mask().width()
        && read.photograph().height() == read.mask().height();
  }

  private static boolean turned(Read read) {
    return read.photograph().isTransposed()
        && read.photograph().width() == read.mask().height()
        && read.photograph().height() == read.mask().width();
  }

  private static Case apart(Read read) {
    PhotographFacts seen = read.photograph();
    String sizes = "%d x %d".formatted(read.mask().width(), read.mask().height());
    List<String> files = List.of(read.image(), read.maskFile());
    return turned(read)
        ? new Case(
            ("%s is %d x %d as its EXIF data turn it, but its mask %s was made of the unturned"
                    + " pixels, %s")
                .formatted(read.image(), seen.width(), seen.height(), read.maskFile(), sizes),
            "turn the mask, or take the orientation out of the photograph",
            files)
        : new Case(
            "%s is %d x %d, but its mask %s is %s"
                .formatted(read.image(), seen.width(), seen.height(), read.maskFile(), sizes),
            "make them one size; resize a mask to the nearest value, not between values",
            files);
  }

  private int crop() {
    return evidence.config().data().crop().shortEdge();
  }

  private boolean isTiny(PhotographFacts photograph) {
    return Math.min(photograph.width(), photograph.height()) < crop() / (double) ENLARGED;
  }

  private Case tiny(Read read) {
    PhotographFacts seen = read.photograph();
    double times = crop() / (double) Math.min(seen.width(), seen.height());
    return new Case(
        String.format(
            Locale.ROOT,
            "%s is %d x %d pixels, which are enlarged %.1f times for crops of %d",
            read.image(),
            seen.width(),
            seen.height(),
            times,
            crop()),
        "take it out with its mask, or lower data.crop",
        List.of(read.image()));
  }

  private boolean isElongated(PhotographFacts photograph) {
    int longEdge = Math.max(photograph.width(), photograph.height());
    int shortEdge = Math.min(photograph.width(), photograph.height());
    Edges scale = evidence.config().data().sizes().scale();
    return !evidence.config().data().images().isOfHrformer()
        && longEdge > (long) LONGEST * shortEdge
        && longEdge / (double) shortEdge > scale.longEdge() / (double) scale.shortEdge();
  }

  private static Case elongated(Read read) {
    PhotographFacts seen = read.photograph();
    return new Case(
        ("%s is %d x %d pixels, longer than %d times its short edge, so it is reduced below the crop"
                + " and padded")
            .formatted(read.image(), seen.width(), seen.height(), LONGEST),
        "cut it into tiles",
        List.of(read.image()));
  }

  /** How many are read at a time: by each worker that prepares batches, on half the cores. */
  private static int workers() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private boolean takesMuch(Read read) {
    return workers() * read.photograph().bytesToRead() > USED * heap;
  }

  private Finding memory(List<Read> large) {
    Read first = large.get(0);
    for (Read read : large) {
      first = read.photograph().bytesToRead() > first.photograph().bytesToRead() ? read : first;
    }
    PhotographFacts largest = first.photograph();
    long need = workers() * largest.bytesToRead();
    return Finding.of(
        Kind.MUCH_MEMORY,
        "%s %s large; for %s images such as %s (%d x %d) take %d MiB of the Java heap, which may grow to %d MiB"
            .formatted(
                Counted.of(large.size(), "image"),
                large.size() == 1 ? "is" : "are",
                Counted.of(workers(), "worker"),
                first.image(),
                largest.width(),
                largest.height(),
                need >> 20,
                heap >> 20),
        "let it grow (-Xmx%dg), or cut the images into tiles"
            .formatted(need / 4 * 5 / (1L << 30) + 1),
        large.stream().map(read -> List.of(read.image())).toList());
  }
}
