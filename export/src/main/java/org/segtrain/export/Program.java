package org.segtrain.export;

import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.Optional;

/** An exported file that was loaded. One thread at a time may run it. */
interface Program extends AutoCloseable {

  /** The {@code segtrain.json} inside, if there is one. */
  Optional<String> card();

  /** The sizes of the axes that it reads, -1 for those of any size; empty if it does not say. */
  List<Long> axes();

  /**
   * The outputs for {@code inputs}, in the manager of the first.
   *
   * @throws org.segtrain.errors.DataException if it fails
   */
  NDList run(NDList inputs);

  @Override
  void close();
}
