package org.segtrain.engine.internal;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.JsonUtils;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The operations of PyTorch that some work ran, as its profiler saw them. One trace at a time per
 * process.
 */
public final class Trace {

  private Trace() {}

  /**
   * One operation; those that it is made of are listed too.
   *
   * @param name {@code aten::mm}
   * @param shape of each argument; empty for what is no array, or a scalar
   * @param dur microseconds that it took
   */
  public record Operation(String name, List<List<Long>> shape, double dur) {}

  /** Does {@code work} and returns its operations. */
  public static List<Operation> of(Runnable work) {
    start();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      stop();
      throw e;
    }
    return stop();
  }

  /** Begins to watch; {@link #stop} must follow. */
  public static void start() {
    JniUtils.startProfile(false, true, false);
  }

  /** Ends what {@link #start} began, and returns the operations since then. */
  public static List<Operation> stop() {
    try {
      Path file = Files.createTempFile("trace", ".json");
      try {
        JniUtils.stopProfile(file.toString());
        try (Reader reader = Files.newBufferedReader(file)) {
          return List.of(JsonUtils.GSON.fromJson(reader, Operation[].class));
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
