package org.segtrain.measure.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.segtrain.augment.ImageSize;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;

/**
 * The model of a run.
 *
 * @param run its folder, or a checkpoint
 * @param resources where it is read
 */
public record SavedRun(Path run, Resources resources) implements Subject {

  @Override
  public Workload open(NDManager manager, Benchmark benchmark) {
    TrainedModel trained = TrainedModel.load(run, resources);
    BlockWorkload passes =
        new BlockWorkload(trained.block(), benchmark.mode(), benchmark.precision());
    return new Workload() {
      @Override
      public void pass(NDArray images) {
        passes.pass(images);
      }

      @Override
      public void close() {
        trained.close();
      }
    };
  }

  @Override
  public Optional<Long> parameters() {
    return counted(Blueprint::parameters);
  }

  @Override
  public Optional<Long> multiplyAdds(ImageSize size) {
    return counted(model -> model.multiplyAdds(size.height(), size.width()));
  }

  private Optional<Long> counted(ToLongFunction<Blueprint> count) {
    try (TrainedModel trained = TrainedModel.load(run, resources);
        Blueprint model = Blueprint.of(trained.config(), trained.classes().size())) {
      return Optional.of(count.applyAsLong(model));
    }
  }

  @Override
  public String toString() {
    return run.toString();
  }
}
