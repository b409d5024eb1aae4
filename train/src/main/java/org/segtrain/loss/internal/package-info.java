/**
 * Losses with their gradients, their text form, and the weights of classes and pixels.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.loss.internal;
