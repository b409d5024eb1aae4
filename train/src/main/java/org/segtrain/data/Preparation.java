package org.segtrain.data;

import java.util.random.RandomGenerator;

/** What is done to a sample before it joins a batch, drawing only from the random numbers given. */
@FunctionalInterface
public interface Preparation {
  Sample apply(Sample sample, RandomGenerator random);
}
