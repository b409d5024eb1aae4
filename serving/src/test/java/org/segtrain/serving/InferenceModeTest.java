package org.segtrain.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/**
 * DJL takes a module that it has loaded for one in training, and PyTorch records for gradients in
 * every new thread: an exported model must not mind.
 */
final class InferenceModeTest {

  private static final int THREADS = 4;
  private static final int UNITS = 64;

  @TempDir static Path folder;

  /** A layer with weights, and dropout, which shows the mode. */
  @BeforeAll
  static void export() {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      SequentialBlock model =
          new SequentialBlock()
              .add(Linear.builder().setUnits(UNITS).build())
              .add(Dropout.builder().optRate(0.5f).build());
      model.initialize(manager, DataType.FLOAT32, new Shape(1, UNITS));
      TorchScript.of(model, Samples.ofShapes(new Shape(-1, UNITS)))
          .write(folder.resolve("model.pt"));
    }
  }

  @Test
  void firstPredictionsOfManyThreadsAtOnceAreEqual() throws Exception {
    try (ZooModel<NDList, NDList> model = load()) {
      CyclicBarrier together = new CyclicBarrier(THREADS);
      List<float[]> results =
          inNewThreads(
              () -> {
                together.await();
                return predict(model).toFloatArray();
              });
      results.forEach(result -> assertArrayEquals(results.get(0), result));
    }
  }

  @Test
  void noThreadRecordsForGradients() throws Exception {
    try (ZooModel<NDList, NDList> model = load()) {
      inNewThreads(
          () -> {
            assertTrue(JniUtils.isGradMode(), "else this test shows nothing");
            assertFalse(predict(model).hasGradient());
            return null;
          });
    }
  }

  private static NDArray predict(ZooModel<NDList, NDList> model) throws Exception {
    try (Predictor<NDList, NDList> predictor = model.newPredictor()) {
      NDArray ones = model.getNDManager().ones(new Shape(1, UNITS));
      return predictor.predict(new NDList(ones)).singletonOrThrow();
    }
  }

  private static ZooModel<NDList, NDList> load() throws Exception {
    return Criteria.builder()
        .setTypes(NDList.class, NDList.class)
        .optModelPath(folder)
        .build()
        .loadModel();
  }

  private static <T> List<T> inNewThreads(Callable<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<T>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(work);
      }
      List<T> results = new ArrayList<>();
      for (Future<T> done : threads.invokeAll(all)) {
        results.add(done.get());
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }
}
