package org.segtrain.collectives;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.segtrain.errors.DataException;

/**
 * c10d's store of keys and values, which rank 0 or the launcher serves: it brings the processes
 * together, and tells each how the others are. For any thread.
 */
final class Store {

  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final String name;
  private final String prefix;

  private Store(String name, String prefix) {
    this.name = name;
    this.prefix = prefix;
  }

  /**
   * Connects to it, and serves it if this is rank 0 and the launcher does not. On a loopback
   * address it serves this machine alone.
   *
   * @param name of the group
   * @throws DataException if there is no such machine, the port is in use, or nobody answers
   */
  static Store open(String name, Rendezvous where, Duration timeout) {
    InetAddress address;
    try {
      address = InetAddress.getByName(where.host());
    } catch (UnknownHostException e) {
      throw new DataException(
          "the machine of rank 0, \"%s\", has no address here; set MASTER_ADDR to one that all machines know"
              .formatted(where.host()),
          e);
    }
    boolean serves = where.isFirst() && !where.served();
    String host = address.isLoopbackAddress() ? address.getHostAddress() : where.host();
    String listens = Network.isOwn(address) ? address.getHostAddress() : ""; // else on all
    try {
      connected(host, where, serves, listens, timeout, name);
      Store ofAll = new Store(name, "segtrain/");
      String member = "attempt %d rank %d".formatted(where.attempt(), where.rank());
      return new Store(
          name, "segtrain/attempt %d group %d/".formatted(where.attempt(), ofAll.count(member)));
    } catch (EngineException e) {
      throw new DataException(
          !serves
              ? nobody(where, timeout)
              : listens.isEmpty()
                  ? "rank 0 cannot serve port %d of %s, which is no address of this machine; set MASTER_ADDR to one of rank 0's machine"
                      .formatted(where.port(), where.host())
                  : "rank 0 cannot serve port %d of %s (%s); set MASTER_PORT to a free one"
                      .formatted(where.port(), where.host(), Reason.of(e)),
          e);
    }
  }

  private static String nobody(Rendezvous where, Duration timeout) {
    return "rank %d found nobody at port %d of %s within %d s; start rank 0 there, or set MASTER_ADDR and MASTER_PORT as it has them"
        .formatted(where.rank(), where.port(), where.host(), timeout.toSeconds());
  }

  /** In a thread of its own, since c10d waits for ever for the answer of another kind of server. */
  private static void connected(
      String host,
      Rendezvous where,
      boolean serves,
      String listens,
      Duration timeout,
      String name) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Operators.MODULE
                    .run(
                        "meet",
                        host,
                        (long) where.port(),
                        serves,
                        listens,
                        timeout.toMillis(),
                        name)
                    .close();
                done.complete(null);
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            },
            "collectives-meet");
    thread.setDaemon(true);
    thread.start();
    try {
      done.get(timeout.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EngineException wrong
          ? wrong
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new DataException(
          Network.isOpen(host, where.port())
              ? "what answers at port %d of %s is no training's rank 0; set MASTER_PORT to that of rank 0"
                  .formatted(where.port(), where.host())
              : nobody(where, timeout),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while it looked for the other processes", e);
    }
  }

  /** The store of the launcher, whose values last over its restarts. */
  Store ofLauncher() {
    return new Store(name, "segtrain/");
  }

  /** The beginning of all keys of this group. */
  String prefix() {
    return prefix;
  }

  /** Sets a value. */
  void put(String key, String value) {
    Operators.MODULE.run("put", prefix + key, value, name).close();
  }

  /** The value, empty if there is none yet. */
  String look(String key) {
    try (IValue value = Operators.MODULE.run("look", prefix + key, name)) {
      return value.toStringValue();
    }
  }

  /** Adds 1 to a counter that starts at 0, and returns it. */
  long count(String key) {
    try (IValue value = Operators.MODULE.run("count", prefix + key, name)) {
      return value.toLong();
    }
  }
}
