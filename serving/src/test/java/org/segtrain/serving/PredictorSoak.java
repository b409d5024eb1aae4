package org.segtrain.serving;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.segtrain.images.PixelSize;

/**
 * Predicts with a model's folder from four threads at once, in each way that DJL offers; checks
 * that every prediction is the first, and prints by how many bytes the resident memory grows for
 * each.
 */
public final class PredictorSoak {

  static final Path STATM = Path.of("/proc/self/statm");
  private static final int PAGE = 4096;
  private static final int THREADS = 4;
  private static final int WINDOWS = 5;
  private static final int SIDE = 64;

  private static final Image PHOTOGRAPH = Photographs.image(Photographs.classes(SIDE, SIDE, 8, 1));

  /** How a thread predicts. */
  enum Way {
    A_PREDICTOR_FOR_EACH_THREAD {
      @Override
      void predict(Models models, int count, int[][] expected) throws Exception {
        try (Predictor<Image, CategoryMask> own = models.translated.newPredictor()) {
          for (int i = 0; i < count; i++) {
            check(expected, own.predict(PHOTOGRAPH).getMask());
          }
        }
      }
    },
    ONE_PREDICTOR_FOR_ALL {
      @Override
      void predict(Models models, int count, int[][] expected) throws Exception {
        for (int i = 0; i < count; i++) {
          check(expected, models.shared.predict(PHOTOGRAPH).getMask());
        }
      }
    },
    ARRAYS_WITHOUT_TRANSLATOR {
      @Override
      void predict(Models models, int count, int[][] expected) throws Exception {
        try (Predictor<NDList, NDList> own = models.plain.newPredictor()) {
          for (int i = 0; i < count; i++) {
            try (NDManager scope = models.plain.getNDManager().newSubManager()) {
              NDArray pixels = PHOTOGRAPH.toNDArray(scope).expandDims(0);
              byte[] classes = own.predict(new NDList(pixels)).head().toByteArray();
              PixelSize size = new PixelSize(SIDE, SIDE);
              check(expected, new Nearest(size.width(), size, size).enlarged(classes));
            }
          }
        }
      }
    };

    abstract void predict(Models models, int count, int[][] expected) throws Exception;
  }

  /** The same folder, loaded for images and for arrays. */
  private record Models(
      ZooModel<Image, CategoryMask> translated,
      Predictor<Image, CategoryMask> shared,
      ZooModel<NDList, NDList> plain)
      implements AutoCloseable {

    static Models of(Path folder) throws Exception {
      ZooModel<Image, CategoryMask> translated =
          Criteria.builder()
              .setTypes(Image.class, CategoryMask.class)
              .optModelPath(folder)
              .optTranslatorFactory(new SegmentationTranslatorFactory())
              .build()
              .loadModel();
      ZooModel<NDList, NDList> plain =
          Criteria.builder()
              .setTypes(NDList.class, NDList.class)
              .optModelPath(folder)
              .build()
              .loadModel();
      return new Models(translated, translated.newPredictor(), plain);
    }

    @Override
    public void close() {
      shared.close();
      translated.close();
      plain.close();
    }
  }

  private PredictorSoak() {}

  /** Takes a model's folder and a number of predictions, which the ways share. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]) / Way.values().length / WINDOWS / THREADS;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Models models = Models.of(Path.of(arguments[0]))) {
      int[][] expected = models.shared.predict(PHOTOGRAPH).getMask();
      for (Way way : Way.values()) {
        Callable<Void> work =
            () -> {
              way.predict(models, count, expected);
              return null;
            };
        long[] resident = resident(threads, work);
        System.out.printf(
            Locale.ROOT,
            "%s %.0f of %d predictions a window, after which are resident %s kB%n",
            way,
            slope(resident) / count / THREADS,
            count * THREADS,
            Arrays.toString(Arrays.stream(resident).map(bytes -> bytes / 1024).toArray()));
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Bytes after a first window, to warm up, and after each of the others. */
  private static long[] resident(ExecutorService threads, Callable<Void> work) throws Exception {
    long[] resident = new long[WINDOWS + 1];
    for (int window = 0; window <= WINDOWS; window++) {
      run(threads, work);
      resident[window] = residentBytes();
    }
    return resident;
  }

  /** Bytes for each window: the second least, since a leak grows in all of them. */
  private static double slope(long[] resident) {
    return IntStream.rangeClosed(1, WINDOWS)
        .mapToDouble(window -> resident[window] - resident[window - 1])
        .sorted()
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  private static void run(ExecutorService threads, Callable<Void> work) throws Exception {
    List<Callable<Void>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(work);
    }
    for (Future<Void> done : threads.invokeAll(all)) {
      done.get();
    }
    System.gc(); // frees what DJL allocated outside the heap
  }

  private static void check(int[][] expected, int[][] mask) {
    if (!Arrays.deepEquals(expected, mask)) {
      throw new IllegalStateException("a prediction differs from the first");
    }
  }

  private static long residentBytes() throws Exception {
    return Long.parseLong(Files.readString(STATM).split(" ", 3)[1]) * PAGE;
  }
}
