package org.segtrain.heads;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The blocks that read the maps of a backbone.
 *
 * @param neck stands between backbone and head
 * @param head gives the scores
 * @param auxiliaryHeads read the maps of the backbone, not of the neck
 */
record Decoder(Optional<Neck> neck, SegmentationHead head, List<AuxiliaryHead> auxiliaryHeads) {

  Decoder {
    auxiliaryHeads = List.copyOf(auxiliaryHeads);
  }

  /** A head that reads the backbone's maps. */
  static Decoder of(SegmentationHead head) {
    return new Decoder(Optional.empty(), head, List.of());
  }

  /** A head that reads a neck's maps. */
  static Decoder of(Neck neck, SegmentationHead head) {
    return new Decoder(Optional.of(neck), head, List.of());
  }

  /** The same with more auxiliary heads, which follow its own. */
  Decoder with(List<AuxiliaryHead> more) {
    List<AuxiliaryHead> all = new ArrayList<>(auxiliaryHeads);
    all.addAll(more);
    return new Decoder(neck, head, all);
  }
}
