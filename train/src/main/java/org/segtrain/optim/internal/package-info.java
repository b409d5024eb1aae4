/**
 * The optimiser, averaged and frozen weights, and names of parameters.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.optim.internal;
