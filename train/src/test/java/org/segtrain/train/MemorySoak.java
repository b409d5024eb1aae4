package org.segtrain.train;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.translate.TranslateException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.segtrain.backbones.pvt.PvtConfig;
import org.segtrain.backbones.pvt.PvtConfig.Stage;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Shard;
import org.segtrain.inference.TrainedModel;

/** Does the same many times in one process, checks it, and prints how the memory grows. */
public final class MemorySoak {

  private static final int FROM = 100; // calls that warm up
  private static final int POOL = 16; // threads
  private static final int LEAST_REQUESTS = 200;
  private static final int LEAST_MODELS = 8;
  private static final long PAUSE = 100_000_000; // nanoseconds
  private static final int PHOTOGRAPHS = 8;

  private static final ShapesDataset SCENES = new ShapesDataset(64, 8, 2);

  /** Few channels: what is kept of a step or a model by mistake does not depend on their number. */
  private static final PvtConfig BACKBONE =
      new PvtConfig(
          List.of(
              new Stage(4, 16, 1, 8, 8, 2),
              new Stage(2, 32, 2, 8, 4, 2),
              new Stage(2, 80, 5, 4, 2, 2),
              new Stage(2, 128, 8, 4, 1, 2)));

  /** What is done. */
  enum Way {
    /** Steps of one training, with evaluations between them. */
    TRAINING("step") {
      @Override
      void run(Path folder, int count, MemoryCurve curve) {
        int evalEvery = Math.min(250, Math.max(1, count / 4));
        Progress notes =
            new Progress() {
              @Override
              public void step(StepReport step) {
                curve.note(step.step());
              }
            };
        ShapesDataset scenes = new ShapesDataset(64, 500, 8);
        train(folder.resolve("steps"), config(count, evalEvery), scenes, notes);
      }
    },
    /** Images of one evaluation. */
    EVALUATION("image") {
      @Override
      void run(Path folder, int count, MemoryCurve curve) {
        try (TrainedModel trained = trained(folder)) {
          ShapesDataset scenes = new ShapesDataset(128, 1, count);
          trained.evaluate(scenes, Split.VALIDATION, Shard.WHOLE, (done, all) -> curve.note(done));
        }
      }
    },
    /** Photographs of changing sizes, one predictor. */
    PREDICTIONS("prediction") {
      @Override
      void run(Path folder, int count, MemoryCurve curve) throws TranslateException {
        Random sizes = new Random(1);
        try (TrainedModel trained = trained(folder);
            SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
          for (int i = 1; i <= count; i++) {
            predictor.predict(photograph(32 + sizes.nextInt(289), 32 + sizes.nextInt(289), i));
            curve.note(i);
          }
        }
      }
    },
    /** Whole runs of five steps, each opened, used once and deleted. */
    RUNS("run") {
      @Override
      void run(Path folder, int count, MemoryCurve curve) throws IOException, TranslateException {
        Image photograph = photograph(96, 64, 1);
        for (int i = 1; i <= count; i++) {
          Path run = folder.resolve("run");
          train(run, config(5, 5), SCENES, Progress.NONE);
          try (TrainedModel trained = opened(run);
              SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
            predictor.predict(photograph);
          }
          delete(run);
          curve.note(i);
        }
      }
    },
    /** Requests of sixteen threads for so many seconds, a predictor of one model for each. */
    THREADS("request") {
      @Override
      void run(Path folder, int count, MemoryCurve curve)
          throws TranslateException, ExecutionException, InterruptedException {
        long end = System.nanoTime() + count * 1_000_000_000L;
        try (TrainedModel trained = trained(folder)) {
          Answers answers = Answers.of(trained);
          AtomicLong requests = new AtomicLong();
          ExecutorService pool = Executors.newFixedThreadPool(POOL);
          List<Future<Void>> threads = new ArrayList<>();
          for (int first = 0; first < POOL; first++) {
            int own = first;
            threads.add(
                pool.submit(
                    () -> {
                      for (int i = own; isGoingOn(end, requests); i++) {
                        answers.check(trained, i);
                        requests.incrementAndGet();
                      }
                      return null;
                    }));
          }
          pool.shutdown();
          while (isGoingOn(end, requests)) {
            LockSupport.parkNanos(PAUSE);
            curve.note(requests.get());
          }
          for (Future<Void> thread : threads) {
            thread.get();
          }
        }
      }
    },
    /** Models that are opened and asked while two trainings of so many steps run. */
    TOGETHER("model") {
      @Override
      void run(Path folder, int count, MemoryCurve curve)
          throws IOException, TranslateException, ExecutionException, InterruptedException {
        TrainConfig one = config(count, count);
        TrainConfig two = one.with("run.seed", 8);
        Path aloneOne = train(folder.resolve("alone-1"), one, SCENES, Progress.NONE);
        Path aloneTwo = train(folder.resolve("alone-2"), two, SCENES, Progress.NONE);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Answers answers;
        try (TrainedModel trained = opened(aloneOne)) {
          answers = Answers.of(trained);
        }
        Future<Path> besideOne =
            pool.submit(() -> train(folder.resolve("beside-1"), one, SCENES, Progress.NONE));
        Future<Path> besideTwo =
            pool.submit(() -> train(folder.resolve("beside-2"), two, SCENES, Progress.NONE));
        pool.shutdown();
        for (int i = 1; i <= LEAST_MODELS || !besideOne.isDone() || !besideTwo.isDone(); i++) {
          try (TrainedModel trained = opened(aloneOne)) {
            answers.check(trained, i);
          }
          curve.note(i);
        }
        requireSame(aloneOne, besideOne.get());
        requireSame(aloneTwo, besideTwo.get());
      }
    };

    private final String call;

    Way(String call) {
      this.call = call;
    }

    abstract void run(Path folder, int count, MemoryCurve curve) throws Exception;
  }

  /** Photographs, and the masks that one thread alone predicted. */
  private record Answers(List<Image> photographs, List<int[][]> masks) {

    static Answers of(TrainedModel trained) throws TranslateException {
      List<Image> photographs = new ArrayList<>();
      for (int i = 0; i < PHOTOGRAPHS; i++) {
        photographs.add(photograph(48 + 16 * i, 128 - 8 * i, i));
      }
      try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
        List<int[][]> masks = new ArrayList<>();
        for (Image photograph : photographs) {
          masks.add(predictor.predict(photograph).getMask());
        }
        if (masks.stream().flatMap(Arrays::stream).flatMapToInt(Arrays::stream).distinct().count()
            < 2) {
          throw new IllegalStateException("one class everywhere, which is equal by chance");
        }
        return new Answers(photographs, masks);
      }
    }

    void check(TrainedModel trained, int number) throws TranslateException {
      int i = number % PHOTOGRAPHS;
      try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
        if (!Arrays.deepEquals(masks.get(i), predictor.predict(photographs.get(i)).getMask())) {
          throw new IllegalStateException("photograph %d has another mask".formatted(i));
        }
      }
    }
  }

  private MemorySoak() {}

  /** Takes ways, each followed by its count. */
  public static void main(String[] arguments) throws Exception {
    TinyRuns.oneThread(1);
    for (int i = 0; i < arguments.length; i += 2) {
      Way way = Way.valueOf(arguments[i]);
      int count = Integer.parseInt(arguments[i + 1]);
      MemoryCurve curve = new MemoryCurve();
      Path folder = Files.createTempDirectory("soak");
      try {
        way.run(folder, count, curve);
      } finally {
        delete(folder);
      }
      System.out.printf("%s %s%n", way, curve.growth(way.call, Math.min(FROM, count / 4)));
    }
  }

  /** For the time, and until there are enough requests for a slope where others use the machine. */
  private static boolean isGoingOn(long end, AtomicLong requests) {
    return System.nanoTime() < end || requests.get() < LEAST_REQUESTS;
  }

  private static TrainConfig config(int iterations, int evalEvery) {
    return TinyRuns.config(
        "{\"iterations\": %d, \"evalEvery\": %d, \"accumulate\": 1, \"crop\": 64}"
            .formatted(iterations, evalEvery));
  }

  /** Trains the model; returns the run's folder. */
  private static Path train(Path run, TrainConfig config, ShapesDataset scenes, Progress progress) {
    Training.builder()
        .setConfig(config)
        .setDataset(scenes)
        .setFolder(run)
        .optModel(model())
        .optResources(TinyRuns.oneThread(1))
        .optProgress(progress)
        .build()
        .run();
    return run;
  }

  private static TrainedModel opened(Path run) {
    return TrainedModel.load(run, model(), TinyRuns.oneThread(1));
  }

  /** One that is a few steps old. */
  private static TrainedModel trained(Path folder) {
    return opened(train(folder.resolve("trained"), config(8, 8), SCENES, Progress.NONE));
  }

  /** Everything random is switched on. */
  private static SegmentationModel model() {
    return SegmentationModel.builder()
        .setBackbone(BACKBONE.build(0.1f))
        .setHead(HeadVariant.FPN)
        .optFeatures(32)
        .optDropout(0.1f)
        .setClasses(SCENES.classes().size())
        .build();
  }

  private static Image photograph(int width, int height, long seed) {
    Picture picture = TinyData.picture("photograph", width, height, seed).picture();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < width * height; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | Byte.toUnsignedInt(picture.rgb()[3 * i + c]);
      }
      image.setRGB(i % width, i / width, rgb);
    }
    return ImageFactory.getInstance().fromImage(image);
  }

  private static void requireSame(Path alone, Path beside) throws IOException {
    if (Files.mismatch(new RunFolder(alone).last(), new RunFolder(beside).last()) >= 0) {
      throw new IllegalStateException("the weights are others than those of a training alone");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
