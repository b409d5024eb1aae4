package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Sample;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.internal.AdamW;

/** Every family learns a few scenes by heart. */
final class LearningTest {

  private static final int SIDE = 64;
  private static final int SCENES = 2;
  private static final int STEPS = 30;
  private static final double SHARE = 0.5; // of the first loss

  private static final ShapesDataset SHAPES = new ShapesDataset(SIDE, SCENES, 1);

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("smallestOfEachFamily")
  void theLossFallsToHalf(BackboneVariant backbone) {
    TrainConfig config =
        TinyRuns.config("{\"backbone\": \"%s\", \"crop\": %d}".formatted(backbone, SIDE));
    int classes = SHAPES.classes().size();
    List<Batch> batches = List.of(scenes());
    try (NDManager manager = NDManager.newBaseManager(TinyRuns.oneThread(1).device(), "PyTorch")) {
      Engine.getEngine("PyTorch").setRandomSeed(1);
      SegmentationModel model = TinyRuns.build(config, classes, manager);
      AdamW optimizer =
          new AdamW(
              manager,
              StateDict.of(model),
              config.optimizer().groups(),
              config.optimizer().weightDecay());
      TrainingStep step =
          new TrainingStep(
              manager,
              config,
              Network.of(model),
              optimizer,
              ClassWeights.equal(classes),
              TinyRuns.passes(batches.size()));
      double[] losses =
          IntStream.range(0, STEPS)
              .mapToDouble(
                  i -> step.make(manager, batches, i, config.optimizer().learningRate()).loss())
              .toArray();
      double last = losses[STEPS - 1];
      assertTrue(
          last < SHARE * losses[0],
          () -> "%s: loss %.3f at first, %.3f at last".formatted(backbone, losses[0], last));
    }
  }

  /** Without {@code -Dtests.all=true} only that of the first. */
  static Collection<BackboneVariant> smallestOfEachFamily() {
    Map<Class<?>, BackboneVariant> families = new LinkedHashMap<>();
    for (BackboneVariant variant : BackboneVariant.values()) { // the smallest is the first
      families.putIfAbsent(variant.config().getClass(), variant);
    }
    List<BackboneVariant> all = List.copyOf(families.values());
    return Boolean.getBoolean("tests.all") ? all : all.subList(0, 1);
  }

  private static Batch scenes() {
    List<Sample> samples =
        IntStream.range(0, SCENES).mapToObj(i -> SHAPES.read(Split.TRAINING, i)).toList();
    return Batch.of(samples, samples.stream().map(Sample::name).toList());
  }
}
