package org.segtrain.djl;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.segtrain.data.internal.Order;

/** Every epoch in an order of its own, which depends on the seed and the number of the epoch. */
final class ShuffledSampler implements Sampler.SubSampler {

  private final AtomicLong epochs = new AtomicLong();
  private volatile long seed;

  void setSeed(long seed) {
    this.seed = seed;
  }

  @Override
  public Iterator<Long> sample(RandomAccessDataset dataset) {
    int size = Math.toIntExact(dataset.size());
    long first = epochs.getAndIncrement() * size;
    Order order = new Order(seed, size);
    return LongStream.range(first, first + size)
        .mapToObj(position -> (long) order.at(position).index())
        .iterator();
  }
}
