package org.segtrain.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.segtrain.data.Batch;
import org.segtrain.data.Picture;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.torchscript.StateDict;

/** Prints by how many kilobytes the resident memory grows per training step and per picture. */
public final class MemoryGrowth {

  private static final int STEPS = 40;
  private static final int PICTURES = 70;

  private MemoryGrowth() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    TinyRuns.oneThread(1);
    TrainConfig config = TinyRuns.CONFIG;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      SegmentationModel model = TrainedModel.build(config, 3, manager);
      AdamW optimizer = new AdamW(manager, StateDict.of(model), config.groups(), 0);
      TrainingStep step = new TrainingStep(config, model, optimizer, ClassWeights.equal(3));
      List<Batch> batches = List.of(TinyData.batch(32, 1, 2));
      AveragedWeights averaged = new AveragedWeights(manager, StateDict.of(model), 0.999);
      print(
          "step",
          STEPS,
          i -> {
            step.make(manager, batches, i, 1e-4);
            averaged.update(i + 1);
          });
      try (Segmenter segmenter = new Segmenter(manager, model, config, averaged)) {
        Picture picture = TinyData.picture("a", 64, 64, 3).picture();
        print("picture", PICTURES, i -> segmenter.segment(picture));
      }
    }
  }

  /** Compares the least that was resident: big blocks come and go, only a leak lifts the floor. */
  private static void print(String name, int count, IntConsumer action) {
    floor(count, action); // warms up
    long before = floor(count, action);
    long after = floor(count, action);
    System.out.printf(Locale.ROOT, "%s %.1f%n", name, (after - before) / (1024.0 * count));
  }

  private static long floor(int count, IntConsumer action) {
    return IntStream.range(0, count)
        .mapToLong(
            i -> {
              action.accept(i);
              if (i % 10 == 0) {
                System.gc(); // frees what DJL allocated outside the heap
              }
              return ResidentMemory.now().orElseThrow();
            })
        .min()
        .orElseThrow();
  }
}
