package org.segtrain.collectives;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.segtrain.errors.DataException;

/**
 * c10d's store of keys and values, which rank 0 or the launcher serves: it brings the processes
 * together, and tells each how the others are. For any thread.
 */
final class Store {

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
    String listens = address.isLoopbackAddress() ? host : "";
    try {
      Operators.MODULE
          .run("meet", host, (long) where.port(), serves, listens, timeout.toMillis(), name)
          .close();
      Store ofAll = new Store(name, "segtrain/");
      String member = "attempt %d rank %d".formatted(where.attempt(), where.rank());
      return new Store(
          name, "segtrain/attempt %d group %d/".formatted(where.attempt(), ofAll.count(member)));
    } catch (EngineException e) {
      throw new DataException(
          serves
              ? "rank 0 cannot serve port %d of %s (%s); set MASTER_PORT to a free one"
                  .formatted(where.port(), where.host(), Reason.of(e))
              : "rank %d found nobody at port %d of %s within %d s; start rank 0 there, or set MASTER_ADDR and MASTER_PORT as it has them"
                  .formatted(where.rank(), where.port(), where.host(), timeout.toSeconds()),
          e);
    }
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
