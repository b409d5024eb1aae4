/**
 * Proof that the models are those of the papers. It repeats the runs in the files of the reference
 * implementations, on weights and images from closed formulas, and compares every number.
 */
package org.segtrain.parity;
