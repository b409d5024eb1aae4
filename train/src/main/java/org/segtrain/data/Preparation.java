package org.segtrain.data;

import java.util.random.RandomGenerator;

/** Prepares a sample before it joins a batch, and draws only from the random numbers given. */
@FunctionalInterface
public interface Preparation {
  Sample apply(Sample sample, RandomGenerator random);
}
