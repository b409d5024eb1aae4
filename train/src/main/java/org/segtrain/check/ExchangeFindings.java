package org.segtrain.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.MaskFacts;

/** Photographs in the place of masks, and masks in that of photographs. */
final class ExchangeFindings {

  private static final int LOOKED_AT = 16; // pairs, again

  private final FileSet files;
  private final Map<Path, MaskFacts> masks;

  ExchangeFindings(FileSet files, Map<Path, MaskFacts> masks) {
    this.files = files;
    this.masks = masks;
  }

  /** The finding, if it is so with most pairs. */
  Optional<Finding> of(List<Listing.Pair> pairs) {
    List<Listing.Pair> strange = pairs.stream().filter(this::isStrange).toList();
    if (strange.isEmpty() || 2 * strange.size() <= pairs.size()) {
      return Optional.empty();
    }
    int looks = Math.min(LOOKED_AT, strange.size());
    long exchanged =
        IntStream.range(0, looks)
            .mapToObj(i -> strange.get((int) ((long) i * strange.size() / looks)))
            .filter(files::isExchanged)
            .count();
    if (2 * exchanged <= looks) {
      return Optional.empty();
    }
    Case all = Case.of(files.exchanged(), "");
    return Optional.of(
        Finding.of(
            Kind.EXCHANGED,
            all.cause(),
            all.remedy(),
            strange.stream()
                .map(pair -> List.of(pair.image().toString(), pair.mask().toString()))
                .toList()));
  }

  /** Whether its mask is none, or has more values or colours than a mask has. */
  private boolean isStrange(Listing.Pair pair) {
    MaskFacts facts = masks.get(pair.mask());
    return facts == null || facts.pixels().size() > Colours.MOST;
  }
}
