/**
 * Cross-entropy with its gradient, hard pixels, and what classes and pixels count.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.loss.internal;
