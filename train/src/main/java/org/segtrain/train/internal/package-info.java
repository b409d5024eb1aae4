/**
 * What the process uses of the machine.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.train.internal;
