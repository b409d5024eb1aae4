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
import java.util.regex.Pattern;
import org.segtrain.engine.internal.CompiledModule;
import org.segtrain.errors.DataException;

/** A group of several processes: those on a CPU exchange arrays by Gloo, those on GPUs by NCCL. */
final class JoinedGroup implements Group {

  /** Bytes of arrays that travel together: PyTorch's size of a bucket. */
  private static final long BUCKET = 25 << 20;

  private static final Duration LATER = Duration.ofSeconds(5); // so that the watch speaks first
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Pattern OF_COLLECTIVES = Pattern.compile("(?i)gloo|nccl|c10d");
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final String name;
  private final Rendezvous where;
  private final List<String> hosts;
  private final Store store;
  private final Watch watch;
  private final NDManager manager;
  private final CompiledModule differentiable;
  private long barriers;
  private long bytes;
  private long nanos; // in collectives
  private boolean closed;

  private JoinedGroup(String name, Rendezvous where, List<String> hosts, Store store, Watch watch) {
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

  /** {@link Group#join}. */
  static Group join(Rendezvous where, Device device, Duration timeout) {
    Engine.getEngine("PyTorch"); // whose libraries ours needs
    SharedLibrary.load(device.isGpu());
    String name = "segtrain-" + GROUPS.getAndIncrement();
    Store store = Store.open(name, where, timeout);
    try {
      return joined(name, where, device, timeout, store);
    } catch (EngineException e) {
      leave(name);
      throw new DataException(
          "rank %d lost the others while it joined them: %s; look at what they say, or set GLOO_SOCKET_IFNAME to the network interface between the machines"
              .formatted(where.rank(), Reason.of(e)),
          e);
    } catch (RuntimeException e) {
      leave(name);
      throw e;
    }
  }

  private static void leave(String name) {
    Operators.MODULE.run("leave", name).close();
  }

  private static Group joined(
      String name, Rendezvous where, Device device, Duration timeout, Store store) {
    requireSameSize(store, where);
    store.put("host/" + where.rank(), Host.name());
    List<String> hosts = new ArrayList<>();
    long end = System.nanoTime() + timeout.toNanos();
    for (int i = 0; i < where.size(); i++) {
      hosts.add(awaited(store, i, where, end));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      names.add("rank %d on %s".formatted(i, hosts.get(i)));
    }
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
    String keeper = where.served() ? "the launcher, which keeps the group together," : names.get(0);
    Watch watch = new Watch(store, where.rank(), names, keeper, timeout);
    return new JoinedGroup(name, where, hosts, store, watch);
  }

  /** The first that comes says how many there are. */
  private static void requireSameSize(Store store, Rendezvous where) {
    String size = store.look("size");
    if (size.isEmpty()) {
      store.put("size", String.valueOf(where.size()));
    } else if (!size.equals(String.valueOf(where.size()))) {
      String refused =
          "rank %d has a world size of %d, but another rank has %s; start all with one"
              .formatted(where.rank(), where.size(), size);
      store.put("refused", refused);
      throw new DataException(refused);
    }
  }

  /** The host of another rank, once that has joined. */
  private static String awaited(Store store, int rank, Rendezvous where, long end) {
    while (true) {
      String host = store.look("host/" + rank);
      if (!host.isEmpty()) {
        return host;
      }
      String refused = store.look("refused");
      if (!refused.isEmpty()) {
        throw new DataException(refused);
      }
      if (System.nanoTime() > end) {
        throw new DataException(
            "rank %d of %d has not joined the others; start it, or read its error"
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

  @Override
  public int rank() {
    return where.rank();
  }

  @Override
  public int size() {
    return where.size();
  }

  @Override
  public boolean isFirst() {
    return where.isFirst();
  }

  @Override
  public List<String> hosts() {
    return Collections.unmodifiableList(hosts);
  }

  @Override
  public void note(String key, String value) {
    store.ofLauncher().put(key, value);
  }

  @Override
  public String noted(String key) {
    return store.ofLauncher().look(key);
  }

  @Override
  public void onFailure(Consumer<String> listener) {
    watch.listen(listener);
  }

  @Override
  public void fail(String sentence) {
    watch.fail(sentence);
  }

  @Override
  public void progress() {
    watch.moved();
  }

  @Override
  public void sum(List<NDArray> arrays) {
    exchange("start_sum", arrays);
  }

  @Override
  public void broadcast(List<NDArray> arrays) {
    exchange("start_broadcast", arrays);
  }

  private static long bytes(NDArray array) {
    return array.size() * array.getDataType().getNumOfBytes();
  }

  private void exchange(String method, List<NDArray> arrays) {
    bytes += arrays.stream().mapToLong(JoinedGroup::bytes).sum();
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
          } catch (EngineException e) {
            under.forEach(JoinedGroup::abandon);
            throw e;
          } finally {
            under.forEach(NDArray::close);
          }
          return null;
        });
  }

  /** Waits for a bucket of a group that has failed, so that c10d forgets it. */
  private static void abandon(NDArray bucket) {
    try {
      Operators.MODULE.run("wait", List.of(bucket)).close();
    } catch (EngineException e) { // as its group did
      return;
    }
  }

  /** The arrays from the last to the first, those of one type together. */
  private static List<List<NDArray>> buckets(List<NDArray> arrays) {
    Map<DataType, List<NDArray>> open = new LinkedHashMap<>();
    Map<DataType, Long> bytes = new LinkedHashMap<>();
    List<List<NDArray>> buckets = new ArrayList<>();
    for (int i = arrays.size() - 1; i >= 0; i--) { // as the backward pass makes them
      NDArray array = arrays.get(i);
      DataType type = array.getDataType();
      long own = bytes(array);
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

  @Override
  public NDArray gathered(NDArray x) {
    bytes += bytes(x);
    return collective(
        () -> {
          NDArray all = differentiable.forward(new NDList(x)).singletonOrThrow();
          Operators.MODULE.run("wait", List.of(all)).close(); // it has no gradient of its own
          return all;
        });
  }

  @Override
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

  @Override
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
    bytes += bytes(mine);
    return collective(
        () -> {
          try (IValue all = Operators.MODULE.run("gather", List.of(mine), (long) size(), name)) {
            return all.toTensor((PtNDManager) mine.getManager());
          }
        });
  }

  @Override
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

  @Override
  public RuntimeException explained(EngineException wrong) {
    boolean ofGroup =
        watch.verdict().isPresent() || OF_COLLECTIVES.matcher(wrong.getMessage()).find();
    return ofGroup ? new DataException(watch.explain(Reason.of(wrong)), wrong) : wrong;
  }

  @Override
  public Traffic traffic() {
    return new Traffic(bytes, nanos / 1e9);
  }

  @Override
  public void barrier() {
    collective(
        () -> {
          String key = "barrier/" + barriers++;
          long there = store.count(key);
          while (there < size()) {
            watch.verdict().ifPresent(JoinedGroup::end);
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
    watch.verdict().ifPresent(JoinedGroup::end);
    watch.waits(true);
    long start = System.nanoTime();
    try {
      return call.get();
    } catch (EngineException e) {
      throw new DataException(watch.explain(Reason.of(e)), e);
    } finally {
      nanos += System.nanoTime() - start;
      watch.waits(false);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      if (watch.verdict().isEmpty()) {
        barrier();
      } else if (where.isFirst()) {
        watch.bidFarewell();
      }
    } finally {
      closed = true;
      watch.close();
      manager.close();
      leave(name);
    }
  }
}
