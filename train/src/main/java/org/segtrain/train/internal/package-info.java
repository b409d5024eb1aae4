/**
 * The memory of the process.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.train.internal;
