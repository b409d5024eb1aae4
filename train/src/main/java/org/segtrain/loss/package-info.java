/**
 * The loss of a batch: cross-entropy over valid, all or hard pixels, and the weights of classes.
 */
package org.segtrain.loss;
