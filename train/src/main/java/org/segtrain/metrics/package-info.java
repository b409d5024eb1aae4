/** How good class maps are: what follows from a confusion matrix. */
package org.segtrain.metrics;
