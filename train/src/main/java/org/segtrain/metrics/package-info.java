/** How good class maps are: the confusion matrix and what follows from it. */
package org.segtrain.metrics;
