package org.segtrain.train;

import org.segtrain.collectives.Group;

/**
 * The forward passes of an optimiser step, shared among processes: pass {@code i} of rank {@code r}
 * is {@code i·N + r} of all, so that N processes compute what one does with N times the passes.
 *
 * @param group the processes
 * @param own passes of each
 */
record Passes(Group group, int own) {

  /** How many there are. */
  int count() {
    return own * group.size();
  }

  /** The number of an own pass among all of the run. */
  long number(long step, int i) {
    return step * count() + (long) i * group.size() + group.rank();
  }

  /**
   * The numbers of all passes, in their order.
   *
   * @param values of the own passes, as many for each
   */
  double[] gathered(double... values) {
    double[][] byRank = group.gather(values);
    double[] all = new double[values.length * group.size()];
    int each = values.length / own;
    for (int i = 0; i < own; i++) {
      for (int rank = 0; rank < byRank.length; rank++) {
        System.arraycopy(byRank[rank], i * each, all, (i * byRank.length + rank) * each, each);
      }
    }
    return all;
  }
}
