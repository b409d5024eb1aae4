package org.segtrain.cli.commands;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Optional;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.export.ExportedModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.internal.ScoringNetwork;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.Subject;

/**
 * An exported file to be measured: inference, in the precision that it has.
 *
 * @param file or folder for DJL
 * @param resources where it runs
 */
record ExportedFile(Path file, Resources resources) implements Subject {

  @Override
  public Workload open(NDManager manager, Benchmark benchmark) {
    ScoringNetwork network = ExportedModel.network(file, manager, resources);
    return new Workload() {
      @Override
      @SuppressWarnings("try") // manager and switch are there to be closed
      public void pass(NDArray images) {
        try (NDManager scope = manager.newSubManager();
            Autograd off = Autograd.off()) {
          NDArray own = images.reshape(images.getShape());
          own.attach(scope);
          network.scores(Aten.toFloat32(own)).sum().toFloatArray(); // waits for a GPU
        }
      }

      @Override
      public void close() {
        network.close();
      }
    };
  }

  /** Not known: a program has its weights folded into others. */
  @Override
  public Optional<Long> parameters() {
    return Optional.empty();
  }

  @Override
  public Optional<Long> multiplyAdds(ImageSize size) {
    return Optional.empty();
  }

  @Override
  public boolean can(Benchmark benchmark) {
    return benchmark.mode() == Benchmark.Mode.INFERENCE && isIn(benchmark.precision());
  }

  private boolean isIn(Precision asked) {
    Precision own = precision();
    return asked == own || (asked == Precision.TF32 && own == Precision.FP32);
  }

  private Precision precision() {
    try (ExportedModel model = ExportedModel.load(file, resources, Overlay.of("option"))) {
      return model.config().run().precision();
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
