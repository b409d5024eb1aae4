package org.segtrain.spark;

import ai.djl.Device;
import ai.djl.util.Utils;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.segtrain.cuda.CudaLibrary;
import org.segtrain.errors.DataException;
import org.segtrain.export.AnyModel;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that this executor has open, on one device. A task borrows one for an image; it waits
 * if others have all of them.
 */
final class ExecutorModels {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.spark");
  private static final String GPU = "gpu";

  /** Of this JVM. They stay open until it ends. */
  private static final Map<Key, ExecutorModels> OPEN = new ConcurrentHashMap<>();

  private record Key(ModelUse use, Resources resources) {}

  private final Key key;
  private final int most;
  private final Deque<ModelInUse> free = new ArrayDeque<>();
  private int open;

  private ExecutorModels(Key key) {
    this.key = key;
    boolean isGpu = key.resources().device().isGpu();
    this.most = key.use().most() > 0 ? key.use().most() : isGpu ? 1 : Integer.MAX_VALUE;
  }

  /**
   * Those on the device of this task.
   *
   * @throws DataException if there is no PyTorch
   */
  static ExecutorModels of(ModelUse use) {
    requireEngine();
    return OPEN.computeIfAbsent(new Key(use, resources(use)), ExecutorModels::new);
  }

  /** DJL would look for what is missing on the network, and fail in words about its own files. */
  private static void requireEngine() {
    CudaLibrary.prepare(LOG::info); // if that is on the class path
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    boolean hasBridge = classes.getResource("jnilib/pytorch.properties") != null;
    boolean hasLibrary =
        classes.getResource("native/lib/pytorch.properties") != null
            || Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") != null;
    if (!hasBridge || !hasLibrary) {
      throw new DataException(
          "executors have no %s on their class path; name it in --jars, or in spark.jars"
              .formatted(hasBridge ? "pytorch-native-cpu-*.jar" : "pytorch-jni-*.jar"));
    }
  }

  /** The GPU that Spark gave this task, if it gave one; as many threads as it gave processors. */
  private static Resources resources(ModelUse use) {
    TaskContext task = TaskContext.get();
    Resources best = Resources.start(use.device(), Math.max(1, task.cpus()), 1);
    ResourceInformation given = task.resourcesJMap().get(GPU);
    List<String> addresses = given == null ? List.of() : List.of(given.addresses());
    return best.device().isGpu() && !addresses.isEmpty()
        ? new Resources(Device.gpu(Integer.parseInt(addresses.get(0))), best.threads(), 1)
        : best;
  }

  /** A model for one image. */
  final class Loan implements AutoCloseable {

    private final ModelInUse model;

    private Loan(ModelInUse model) {
      this.model = model;
    }

    ModelInUse model() {
      return model;
    }

    @Override
    public void close() {
      give(model);
    }
  }

  /**
   * Borrows a model, and opens one if none is free and there may be another.
   *
   * @throws DataException if it cannot be opened
   */
  synchronized Loan borrow() {
    while (free.isEmpty() && open >= most) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a model", e);
      }
    }
    if (free.isEmpty()) {
      free.add(AnyModel.open(key.use().place().local(), key.resources(), key.use().overlay()));
      open++;
    }
    return new Loan(free.remove());
  }

  private synchronized void give(ModelInUse model) {
    free.push(model);
    notifyAll();
  }
}
