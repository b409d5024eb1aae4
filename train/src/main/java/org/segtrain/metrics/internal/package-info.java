/**
 * Counting pixels.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.metrics.internal;
