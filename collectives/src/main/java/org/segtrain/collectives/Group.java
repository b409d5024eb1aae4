package org.segtrain.collectives;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.segtrain.engine.internal.CompiledModule;
import org.segtrain.errors.DataException;

/**
 * Processes that compute together, and the place of this one among them. All of them must make the
 * same calls in the same order, each from one thread at a time; each call waits for the others.
 *
 * <p>A process that fails ends the group: every call then throws a {@link DataException} that names
 * the rank that failed first.
 *
 * <p>Arrays on a CPU travel by Gloo, those on a GPU by NCCL.
 */
public final class Group implements AutoCloseable {

  /** Bytes of arrays that travel together: PyTorch's size of a bucket. */
  private static final long BUCKET = 25 << 20;

  private static final Duration LATER = Duration.ofSeconds(5); // so that the watch speaks first
  private static final Duration POLL = Duration.ofMillis(10);
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final String name;
  private final Rendezvous where;
  private final List<String> hosts;
  private final Store store;
  private final Watch watch;
  private final NDManager manager;
  private final CompiledModule differentiable;
  private long barriers;
  private boolean closed;

  private Group(String name, Rendezvous where, List<String> hosts, Store store, Watch watch) {
    this.name = name;
    this.where = where;
    this.hosts = hosts;
    this.store = store;
    this.watch = watch;
    this.manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    this.differentiable =
        CompiledModule.compile(
            """
            def forward(self: __torch__.Model, x: Tensor) -> Tensor:
              return ops._c10d_functional_autograd.all_gather_into_tensor(x, %d, "%s")
            """
                .formatted(where.size(), name));
  }

  /**
   * Joins the group, waiting for the other processes.
   *
   * @param device of this process: with a GPU the group uses NCCL too
   * @param timeout after which a process that is missing, or makes no progress, has failed
   * @throws DataException if there is no library for this platform, or the others are not there
   */
  public static Group join(Rendezvous where, Device device, Duration timeout) {
    Engine.getEngine("PyTorch"); // whose libraries ours needs
    SharedLibrary.load(device.isGpu());
    String name = "segtrain-" + GROUPS.getAndIncrement();
    Store store = Store.open(name, where, timeout);
    store.put("host/" + where.rank(), host());
    List<String> hosts = new ArrayList<>();
    long end = System.nanoTime() + timeout.toNanos();
    for (int i = 0; i < where.size(); i++) {
      hosts.add(awaited(store, i, where, end));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      names.add("rank %d on %s".formatted(i, hosts.get(i)));
    }
    try {
      Operators.MODULE
          .run(
              "join",
              store.prefix() + "c10d",
              device.isGpu() ? "nccl" : "gloo",
              (long) where.rank(),
              (long) where.size(),
              timeout.plus(LATER).toMillis(),
              Network.local(where),
              name)
          .close();
    } catch (EngineException e) {
      throw new DataException(
          "rank %d cannot reach the others: %s; set GLOO_SOCKET_IFNAME to the network interface between the machines"
              .formatted(where.rank(), Reason.of(e)),
          e);
    }
    return new Group(name, where, hosts, store, new Watch(store, where.rank(), names, timeout));
  }

  /** The host of another rank, once that has joined. */
  private static String awaited(Store store, int rank, Rendezvous where, long end) {
    while (true) {
      String host = store.look("host/" + rank);
      if (!host.isEmpty()) {
        return host;
      }
      if (System.nanoTime() > end) {
        throw new DataException(
            "rank %d of %d has not joined the others; start it, and look at what it says"
                .formatted(rank, where.size()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while it waited for the other processes", e);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Number of this process, from 0. */
  public int rank() {
    return where.rank();
  }

  /** How many processes there are. */
  public int size() {
    return where.size();
  }

  /** Whether this process is rank 0, which writes what the group leaves behind. */
  public boolean isFirst() {
    return where.isFirst();
  }

  /** The hosts of all processes, by rank. */
  public List<String> hosts() {
    return Collections.unmodifiableList(hosts);
  }

  /** Is told, in a thread of its own, why the group ended, if a process fails. */
  public void onFailure(Consumer<String> listener) {
    watch.listen(listener);
  }

  /** Tells the other processes why this one fails. */
  public void fail(String sentence) {
    watch.fail(sentence);
  }

  /** Tells the others that this process makes progress, when long work lies between two calls. */
  public void progress() {
    watch.moved();
  }

  /**
   * Sums each array over all processes, in place. Buckets of about 25 MB are filled from the end of
   * the list, and travel while the next is filled.
   *
   * @param arrays of the same shapes in all processes
   */
  public void sum(List<NDArray> arrays) {
    exchange("start_sum", arrays);
  }

  /** Overwrites each array by that of rank 0. */
  public void broadcast(List<NDArray> arrays) {
    exchange("start_broadcast", arrays);
  }

  private void exchange(String method, List<NDArray> arrays) {
    collective(
        () -> {
          List<List<NDArray>> buckets = buckets(arrays);
          List<NDArray> under = new ArrayList<>();
          try {
            for (List<NDArray> bucket : buckets) {
              try (IValue started = Operators.MODULE.run(method, bucket, name)) {
                under.add(started.toTensor((PtNDManager) bucket.get(0).getManager()));
              }
            }
            for (int i = 0; i < buckets.size(); i++) {
              Operators.MODULE.run("finish", List.of(under.get(i)), buckets.get(i)).close();
            }
          } finally {
            under.forEach(NDArray::close);
          }
          return null;
        });
  }

  /** The arrays from the last to the first, those of one type together. */
  private static List<List<NDArray>> buckets(List<NDArray> arrays) {
    Map<DataType, List<NDArray>> open = new LinkedHashMap<>();
    Map<DataType, Long> bytes = new LinkedHashMap<>();
    List<List<NDArray>> buckets = new ArrayList<>();
    for (int i = arrays.size() - 1; i >= 0; i--) { // as the backward pass makes them
      NDArray array = arrays.get(i);
      DataType type = array.getDataType();
      long own = array.size() * type.getNumOfBytes();
      if (!open.containsKey(type) || bytes.get(type) + own > BUCKET) {
        open.put(type, new ArrayList<>());
        buckets.add(open.get(type));
        bytes.put(type, 0L);
      }
      open.get(type).add(array);
      bytes.merge(type, own, Long::sum);
    }
    return buckets;
  }

  /**
   * The arrays of all processes behind each other, in the order of their ranks: {@code n * -> N·n
   * *}. Differentiable: each process gets the sum of the gradients of its part.
   */
  public NDArray gathered(NDArray x) {
    return collective(
        () -> {
          NDArray all = differentiable.forward(new NDList(x)).singletonOrThrow();
          Operators.MODULE.run("wait", List.of(all)).close(); // it has no gradient of its own
          return all;
        });
  }

  /** The numbers of all processes by rank; each gives as many. */
  public double[][] gather(double... own) {
    double[][] all = new double[size()][];
    try (NDManager scope = manager.newSubManager()) {
      double[] flat = gather(scope.create(own)).toDoubleArray();
      for (int i = 0; i < all.length; i++) {
        all[i] = Arrays.copyOfRange(flat, i * own.length, (i + 1) * own.length);
      }
    }
    return all;
  }

  /** The texts of all processes by rank. */
  public List<String> gather(String own) {
    byte[] bytes = own.getBytes(StandardCharsets.UTF_8);
    double[][] lengths = gather(bytes.length);
    int longest = (int) Arrays.stream(lengths).mapToDouble(one -> one[0]).max().orElse(0);
    List<String> texts = new ArrayList<>();
    try (NDManager scope = manager.newSubManager()) {
      ByteBuffer padded = ByteBuffer.allocateDirect(Math.max(1, longest)).put(bytes);
      padded.rewind();
      NDArray mine = scope.create(padded, new Shape(padded.capacity()), DataType.UINT8);
      byte[] flat = gather(mine).toByteArray();
      for (int i = 0; i < lengths.length; i++) {
        int length = (int) lengths[i][0];
        texts.add(new String(flat, i * padded.capacity(), length, StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  private NDArray gather(NDArray mine) {
    return collective(
        () -> {
          try (IValue all = Operators.MODULE.run("gather", List.of(mine), (long) size(), name)) {
            return all.toTensor((PtNDManager) mine.getManager());
          }
        });
  }

  /**
   * The index of the first array whose bits differ between the processes; -1 if none does.
   *
   * @param arrays float32, the same in all processes if all is well
   */
  public int firstDifference(List<NDArray> arrays) {
    try (NDManager scope = manager.newSubManager();
        IValue value = Operators.MODULE.run("prints", arrays)) {
      NDArray mine = value.toTensor((PtNDManager) scope).toDevice(Device.cpu(), false);
      long[] all = gather(mine).toLongArray();
      for (int i = 0; i < all.length; i++) {
        if (all[i] != all[i % arrays.size()]) {
          return firstOf(all, arrays.size());
        }
      }
      return -1;
    }
  }

  private static int firstOf(long[] prints, int arrays) {
    for (int k = 0; k < arrays; k++) {
      for (int i = k; i < prints.length; i += arrays) {
        if (prints[i] != prints[k]) {
          return k;
        }
      }
    }
    return -1;
  }

  /**
   * Waits until all processes are here, however long their work takes, as long as each makes {@link
   * #progress}.
   */
  public void barrier() {
    collective(
        () -> {
          String key = "barrier/" + barriers++;
          long there = store.count(key);
          while (there < size()) {
            watch.verdict().ifPresent(Group::end);
            pause();
            there = Long.parseLong(store.look(key));
          }
          return null;
        });
  }

  private static void end(String verdict) {
    throw new DataException(verdict);
  }

  private <T> T collective(Supplier<T> call) {
    if (closed) {
      throw new IllegalStateException("the group is closed");
    }
    watch.verdict().ifPresent(Group::end);
    watch.waits(true);
    try {
      return call.get();
    } catch (EngineException e) {
      throw new DataException(watch.explain(Reason.of(e)), e);
    } finally {
      watch.waits(false);
    }
  }

  /** Leaves the group. Rank 0 waits for the others, if it serves the store and all is well. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      if (watch.verdict().isEmpty()) {
        barrier();
      }
    } finally {
      closed = true;
      watch.close();
      manager.close();
      Operators.MODULE.run("leave", name).close();
    }
  }
}
