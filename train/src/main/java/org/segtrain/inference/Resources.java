package org.segtrain.inference;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import org.segtrain.config.RunConfig;
import org.segtrain.cuda.Gpus;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/**
 * Where a run computes. Only the order of sums depends on it.
 *
 * @param device one GPU, or the CPU
 * @param threads of the CPU that one operation may use
 * @param workers threads that prepare batches
 */
public record Resources(Device device, int threads, int workers) {

  private static final String THREADS = "ai.djl.pytorch.num_threads";

  /**
   * Starts the engine.
   *
   * @param device {@code auto}, which takes a GPU if the engine sees one, {@code cpu} or {@code
   *     gpu}
   * @throws DataException if a GPU was asked for and the engine sees none
   */
  public static Resources start(String device, int threads, int workers) {
    return start(device, 0, threads, workers);
  }

  /**
   * Starts the engine for one of several processes.
   *
   * @param localRank the number of its GPU; of one that sees a single GPU that
   * @throws DataException if a GPU was asked for and the engine does not see it
   */
  public static Resources start(String device, int localRank, int threads, int workers) {
    int most = RunConfig.MOST_THREADS;
    if (Math.min(threads, workers) < 1 || Math.max(threads, workers) > most) {
      throw new UsageException(
          "threads and workers must be from 1 to %d, but are %d and %d"
              .formatted(most, threads, workers));
    }
    System.setProperty(THREADS, String.valueOf(threads)); // for an engine that starts now
    Device chosen = choose(device, localRank);
    JniUtils.setNumThreads(threads);
    return new Resources(chosen, threads, workers);
  }

  /** The best device that the engine sees, and half the processors to prepare batches. */
  public static Resources usual(int threads) {
    return start("auto", threads, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  private static Device choose(String device, int localRank) {
    Gpus found = Gpus.find();
    int gpus = found.all().size();
    return switch (device) {
      case "cpu" -> Device.cpu();
      case "auto" -> gpus > 0 ? gpu(localRank, gpus) : Device.cpu();
      case "gpu" -> {
        if (gpus == 0) {
          throw new DataException(
              "device gpu was asked for, but %s, or take device cpu"
                  .formatted(found.reason().orElseThrow()));
        }
        yield gpu(localRank, gpus);
      }
      default ->
          throw new UsageException(
              "device must be auto, cpu or gpu, but is \"%s\"".formatted(device));
    };
  }

  private static Device gpu(int localRank, int gpus) {
    if (gpus > 1 && localRank >= gpus) {
      throw new DataException(
          "the process of local rank %d takes GPU %d, but the engine sees %d GPUs; start at most so many on this machine"
              .formatted(localRank, localRank, gpus));
    }
    return Device.gpu(gpus == 1 ? 0 : localRank);
  }
}
