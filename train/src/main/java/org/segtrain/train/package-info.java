/**
 * Training: the configuration, the optimiser, the loop, and what comes out of it. Read {@code
 * TrainConfig} and then {@code Training.run}.
 */
package org.segtrain.train;
