package org.segtrain.collectives;

import ai.djl.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Groups whose processes are threads. */
final class Ranks {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Ranks() {}

  /** Runs {@code work} in each rank. */
  static void run(int size, Consumer<Group> work) {
    for (String wrong : failing(size, work)) {
      if (!wrong.isEmpty()) {
        throw new AssertionError(wrong);
      }
    }
  }

  /** The messages with which ranks end, by rank; empty for one that ends well. */
  static List<String> failing(int size, Consumer<Group> work) {
    int port = freePort();
    ExecutorService pool = Executors.newFixedThreadPool(size);
    try {
      List<Future<String>> ends = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Rendezvous where = new Rendezvous(i, i, size, size, "127.0.0.1", port, false, 0);
        ends.add(pool.submit(() -> end(where, work)));
      }
      List<String> said = new ArrayList<>();
      for (Future<String> end : ends) {
        said.add(end.get());
      }
      return said;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static String end(Rendezvous where, Consumer<Group> work) {
    try (Group group = Group.join(where, Device.cpu(), TIMEOUT)) {
      work.accept(group);
      return "";
    } catch (RuntimeException | AssertionError e) {
      return e.getMessage();
    }
  }

  static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
