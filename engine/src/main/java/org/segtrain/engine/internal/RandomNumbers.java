package org.segtrain.engine.internal;

import ai.djl.engine.Engine;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to draw random numbers, held until closed. The engine has one generator for all
 * threads, so opening a model would change the dropout of one that trains. A thread that seeds it,
 * or draws new weights, keeps the others waiting. Predictions draw nothing and never wait.
 *
 * <p>Use try-with-resources, with {@code @SuppressWarnings("try")} since nobody reads the variable.
 */
public final class RandomNumbers implements AutoCloseable {

  private static final ReentrantLock GENERATOR = new ReentrantLock(true); // in turns

  private RandomNumbers() {
    GENERATOR.lock();
  }

  /** Continues the sequence of numbers. */
  public static RandomNumbers any() {
    return new RandomNumbers();
  }

  /** Equal seeds give equal numbers. */
  public static RandomNumbers of(int seed) {
    Engine engine = Engine.getEngine("PyTorch");
    RandomNumbers own = new RandomNumbers();
    engine.setRandomSeed(seed);
    return own;
  }

  @Override
  public void close() {
    GENERATOR.unlock();
  }
}
