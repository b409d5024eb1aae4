package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.nn.BatchNorm;

/** Batch norms of processes, which are threads here, beside one that sees the whole batch. */
final class SyncBatchNormTest {

  private static final Shape WHOLE = new Shape(6, 3, 5, 4);

  /** What a batch norm computes of a batch, and changes. */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed on, never compared
  private record Outcome(
      float[] output,
      float[] ofInput,
      float[] ofWeight,
      float[] ofBias,
      float[] mean,
      float[] var) {}

  @Test
  void threeProcessesComputeWhatOneDoesWithTheWholeBatch() throws Exception {
    Outcome whole = outcome(Group.alone());
    List<Outcome> parts = ofThree();
    int third = whole.output().length / 3;
    float[] ofWeight = new float[3];
    float[] ofBias = new float[3];
    for (int i = 0; i < 3; i++) {
      Outcome part = parts.get(i);
      for (int k = 0; k < third; k++) {
        assertEquals(whole.output()[i * third + k], part.output()[k], 1e-5f);
        assertEquals(whole.ofInput()[i * third + k], part.ofInput()[k], 1e-5f);
      }
      for (int c = 0; c < 3; c++) {
        ofWeight[c] += part.ofWeight()[c];
        ofBias[c] += part.ofBias()[c];
      }
      assertArrayEquals(whole.mean(), part.mean(), 1e-6f);
      assertArrayEquals(whole.var(), part.var(), 1e-5f);
      assertArrayEquals(parts.get(0).var(), part.var()); // to the last bit
    }
    assertArrayEquals(whole.ofWeight(), ofWeight, 1e-4f);
    assertArrayEquals(whole.ofBias(), ofBias, 1e-4f);
  }

  private static List<Outcome> ofThree() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Rendezvous where = new Rendezvous(i, i, 3, 3, "127.0.0.1", port, false, 0);
        outcomes.add(
            pool.submit(
                () -> {
                  try (Group group = Group.join(where, Device.cpu(), Duration.ofSeconds(60))) {
                    return outcome(group);
                  }
                }));
      }
      List<Outcome> found = new ArrayList<>();
      for (Future<Outcome> outcome : outcomes) {
        found.add(outcome.get());
      }
      return found;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Of the part of the batch that the process has. */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private static Outcome outcome(Group group) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Autograd on = Autograd.on()) {
      BatchNorm norm = new BatchNorm(3);
      norm.initialize(manager, DataType.FLOAT32, WHOLE);
      norm.synchronize(group.size() == 1 ? null : group::gathered);
      NDArray weight = norm.getDirectParameters().get("weight").getArray();
      NDArray bias = norm.getDirectParameters().get("bias").getArray();
      weight.set(new float[] {1, 2, 3});
      long images = WHOLE.get(0) / group.size();
      NDIndex own = new NDIndex("{}:{}", group.rank() * images, (group.rank() + 1) * images);
      NDArray x = waves(manager, 1.7f).get(own).duplicate();
      NDArray seed = waves(manager, 0.3f).get(own).duplicate();
      x.setRequiresGradient(true);
      NDArray y =
          norm.forward(new ParameterStore(manager, false), new NDList(x), true).singletonOrThrow();
      List<NDArray> gradients =
          Autograd.gradients(List.of(y), List.of(seed), List.of(x, weight, bias));
      return new Outcome(
          y.toFloatArray(),
          gradients.get(0).toFloatArray(),
          gradients.get(1).toFloatArray(),
          gradients.get(2).toFloatArray(),
          norm.runningStatistics().get(0).getArray().toFloatArray(),
          norm.runningStatistics().get(1).getArray().toFloatArray());
    }
  }

  /** Numbers of another mean and spread in each channel. */
  private static NDArray waves(NDManager manager, float pace) {
    NDArray numbers = manager.arange((int) WHOLE.size()).toType(DataType.FLOAT32, false);
    NDArray waves = Aten.scaled(numbers, pace).sin().reshape(WHOLE);
    NDArray channels = manager.create(new float[] {1, 2, 5}, new Shape(1, 3, 1, 1));
    return waves.mul(channels).add(channels);
  }
}
