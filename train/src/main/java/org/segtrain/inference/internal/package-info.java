/**
 * Forward passes on photographs and batches, in either precision.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.inference.internal;
