package org.segtrain.heads;

import org.segtrain.errors.UsageException;

/**
 * A second classifier that only training uses.
 *
 * @param head reads the one map
 * @param map which map of the backbone, 0 being the finest
 * @param weight of its loss
 */
public record AuxiliaryHead(SegmentationHead head, int map, double weight) {

  /** Refuses a model whose number of maps or classes does not fit. */
  void check(int maps, int classes) {
    if (map < 0 || map >= maps) {
      throw new UsageException(
          "an auxiliary head reads map %d, but the backbone gives maps 0 to %d"
              .formatted(map, maps - 1));
    }
    if (head.classes() != classes) {
      throw new UsageException(
          "an auxiliary head has %d classes, but the head has %d; make both with as many"
              .formatted(head.classes(), classes));
    }
  }
}
