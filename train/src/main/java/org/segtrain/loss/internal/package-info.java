/**
 * Losses with their gradients, the texts that they are written as, and what classes and pixels
 * count.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.loss.internal;
