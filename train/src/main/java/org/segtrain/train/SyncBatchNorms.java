package org.segtrain.train;

import ai.djl.nn.Block;
import java.util.List;
import org.segtrain.collectives.Group;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.BatchNorm;

/** Batch norms that normalise over the batches of all processes, until closed. */
final class SyncBatchNorms implements AutoCloseable {

  private final List<BatchNorm> norms;

  private SyncBatchNorms(List<BatchNorm> norms) {
    this.norms = norms;
  }

  /**
   * Those of a model.
   *
   * @param group the processes; nothing changes with one
   */
  static SyncBatchNorms of(Block model, Group group) {
    List<BatchNorm> norms =
        group.size() == 1
            ? List.of()
            : StateDict.blocks(model).values().stream()
                .filter(BatchNorm.class::isInstance)
                .map(BatchNorm.class::cast)
                .toList();
    norms.forEach(norm -> norm.synchronize(group::gathered));
    return new SyncBatchNorms(norms);
  }

  @Override
  public void close() {
    norms.forEach(norm -> norm.synchronize(null));
  }
}
