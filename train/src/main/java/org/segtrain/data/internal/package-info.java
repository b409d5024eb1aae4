/**
 * Batches for training, prepared ahead by threads.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.data.internal;
