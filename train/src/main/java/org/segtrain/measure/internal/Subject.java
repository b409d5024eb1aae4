package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.segtrain.augment.ImageSize;

/** A model that a {@link Benchmark} measures; its {@code toString} is its name in a table. */
public interface Subject {

  /** The passes of the model. */
  interface Workload extends AutoCloseable {

    /**
     * Makes a pass, and waits for its end.
     *
     * @param images normalised, {@code B 3 H W}, of the precision that is measured
     */
    void pass(NDArray images);

    @Override
    void close();
  }

  /** The model, ready for passes of {@code benchmark} where {@code manager} is. */
  Workload open(NDManager manager, Benchmark benchmark);

  /** Numbers that learn, those of auxiliary heads among them; empty if they are not known. */
  Optional<Long> parameters();

  /** Multiplications with addition of inference with one image; empty if they are not known. */
  Optional<Long> multiplyAdds(ImageSize size);

  /** Whether it can be measured so. */
  default boolean can(Benchmark benchmark) {
    return true;
  }
}
