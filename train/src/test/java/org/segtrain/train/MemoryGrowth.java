package org.segtrain.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Batch;
import org.segtrain.data.Picture;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Network;
import org.segtrain.inference.Segmenter;
import org.segtrain.loss.ClassWeights;
import org.segtrain.optim.AdamW;
import org.segtrain.optim.AveragedWeights;

/** Prints by how many kilobytes the native memory in use grows per training step and picture. */
public final class MemoryGrowth {

  private static final int WINDOWS = 9;
  private static final int CALLS = 10;

  private MemoryGrowth() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    TinyRuns.oneThread(1);
    TrainConfig config = TinyRuns.CONFIG;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      SegmentationModel model = TinyRuns.build(config, 3, manager);
      AdamW optimizer = new AdamW(manager, StateDict.of(model), config.optimizer().groups(), 0);
      TrainingStep step =
          new TrainingStep(config, Network.of(model), optimizer, ClassWeights.equal(3));
      List<Batch> batches = List.of(TinyData.batch(32, 1, 2));
      AveragedWeights averaged = new AveragedWeights(manager, StateDict.of(model), 0.999);
      print(
          "step",
          i -> {
            step.make(manager, batches, i, 1e-4);
            averaged.update(i + 1);
          });
      try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config, averaged)) {
        Picture picture = TinyData.picture("a", 64, 64, 3).picture();
        print("picture", i -> segmenter.segment(picture));
      }
    }
  }

  /** The median of windows: the compilers of the virtual machine lift or lower a few of them. */
  private static void print(String name, IntConsumer action) {
    grown(action); // warms up
    double[] sorted =
        IntStream.range(0, WINDOWS).mapToDouble(i -> grown(action)).sorted().toArray();
    System.out.printf(Locale.ROOT, "%s %.1f%n", name, sorted[WINDOWS / 2] / (1024 * CALLS));
  }

  private static double grown(IntConsumer action) {
    long before = NativeHeap.now().orElseThrow();
    IntStream.range(0, CALLS).forEach(action);
    System.gc(); // frees what DJL allocated outside the heap
    return NativeHeap.now().orElseThrow() - before;
  }
}
