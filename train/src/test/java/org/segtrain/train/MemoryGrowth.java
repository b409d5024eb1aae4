package org.segtrain.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.translate.TranslateException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.segtrain.augment.ImageRules;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;
import org.segtrain.djl.MeanIou;
import org.segtrain.djl.SegmentationCrossEntropy;
import org.segtrain.djl.SegmentationDataset;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.TrainedModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.internal.AdamW;
import org.segtrain.optim.internal.AveragedWeights;

/** Prints by how many kilobytes the native memory in use grows per training step and picture. */
public final class MemoryGrowth {

  private static final int WINDOWS = 3;
  private static final int CALLS = 10;
  private static final int PREDICTIONS = 25; // in a window
  private static final long SETTLED = 20_000_000; // nanoseconds without a buffer freed

  private MemoryGrowth() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, TranslateException {
    TinyRuns.oneThread(1);
    TrainConfig config = TinyRuns.CONFIG;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      SegmentationModel model = TinyRuns.build(config, 3, manager);
      AdamW optimizer = new AdamW(manager, StateDict.of(model), config.optimizer().groups(), 0);
      TrainingStep step =
          new TrainingStep(
              manager,
              config,
              Network.of(model),
              optimizer,
              ClassWeights.equal(3),
              TinyRuns.passes(1));
      List<Batch> batches = List.of(TinyData.batch(32, 1, 2));
      AveragedWeights averaged = new AveragedWeights(manager, StateDict.of(model), 0.999);
      print(
          "step",
          CALLS,
          i -> {
            step.make(manager, batches, i, 1e-4);
            averaged.update(i + 1);
          });
      TrainConfig again = config.with("run.recompute", true);
      TrainingStep recomputed =
          new TrainingStep(
              manager,
              again,
              Network.of(model),
              optimizer,
              ClassWeights.equal(3),
              TinyRuns.passes(1));
      print("recompute", CALLS, i -> recomputed.make(manager, batches, i, 1e-4));
      try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config, averaged)) {
        Picture picture = TinyData.picture("a", 64, 64, 3).picture();
        print("picture", CALLS, i -> segmenter.segment(picture));
      }
    }
    trainWithDjl();
    predictWithDjl();
  }

  private static void trainWithDjl() throws IOException, TranslateException {
    SegmentationModel model =
        SegmentationModel.builder().setBackbone("pvt_tiny").setHead("fpn").setClasses(3).build();
    SegmentationDataset dataset =
        SegmentationDataset.builder()
            .setData(TinyData.STANDARD, Split.TRAINING)
            .optPreparation(ImageRules.ALIGNED.training(32, 0.5, 2, true))
            .setSampling(2, true)
            .optLimit(2)
            .build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(SegmentationCrossEntropy.of(model))
            .addEvaluator(MeanIou.of(model, TinyData.STANDARD.classes()))
            .addTrainingListeners(new EvaluatorTrainingListener());
    try (Model shell = Model.newInstance("tiny", Device.cpu(), "PyTorch")) {
      shell.setBlock(model);
      try (Trainer trainer = shell.newTrainer(config)) {
        trainer.initialize(new Shape(1, 3, 32, 32));
        print("djl-step", CALLS, i -> EasyTrain.fit(trainer, 1, dataset, null));
      }
    }
  }

  private static void predictWithDjl() throws IOException, TranslateException {
    Path dir = Files.createTempDirectory("growth");
    RunFolder run = TinyRuns.run(TinyRuns.config("{\"iterations\": 1}"), TinyData.STANDARD, 1, dir);
    Image photograph =
        ImageFactory.getInstance()
            .fromImage(new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR));
    try (TrainedModel trained = TrainedModel.load(run.dir(), TinyRuns.oneThread(1));
        SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      print("prediction", PREDICTIONS, i -> predictor.predict(photograph));
    }
  }

  /** Something that is done again and again. */
  @FunctionalInterface
  private interface Action {
    void make(int call) throws IOException, TranslateException;
  }

  /** The median of windows: what the virtual machine allocates lifts or lowers a few of them. */
  private static void print(String name, int calls, Action action)
      throws IOException, TranslateException {
    grown(calls, action); // warms up
    double[] windows = new double[WINDOWS];
    for (int i = 0; i < WINDOWS; i++) {
      windows[i] = grown(calls, action);
    }
    Arrays.sort(windows);
    System.out.printf(Locale.ROOT, "%s %.1f%n", name, windows[WINDOWS / 2] / (1024 * calls));
  }

  private static double grown(int calls, Action action) throws IOException, TranslateException {
    long before = allocated();
    for (int i = 0; i < calls; i++) {
      action.make(i);
    }
    return allocated() - before;
  }

  /** Bytes in use once DJL's buffers outside the Java heap are freed, which is not done at once. */
  private static long allocated() {
    System.gc();
    long former = -1;
    for (long now = buffers(); now != former; now = buffers()) {
      former = now;
      LockSupport.parkNanos(SETTLED);
    }
    return NativeHeap.now().orElseThrow();
  }

  private static long buffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
