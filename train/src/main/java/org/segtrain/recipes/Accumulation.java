package org.segtrain.recipes;

import org.segtrain.errors.UsageException;

/**
 * Gradient accumulation: a step that was published for several devices, on fewer.
 *
 * @param published images of a step
 * @param batch images of a forward pass
 * @param processes that share a step
 */
record Accumulation(int published, int batch, int processes) {

  Accumulation {
    if (published < 1 || batch < 1) {
      throw new UsageException(
          "batch must be at least 1, but is %d".formatted(Math.min(published, batch)));
    }
  }

  /**
   * Forward passes that each process makes for a step, so that it has the published number of
   * images or almost.
   */
  public int passes() {
    return Math.max(1, Math.round((float) published / ((float) batch * processes)));
  }

  /** Images of a step. */
  public int images() {
    return passes() * batch * processes;
  }
}
