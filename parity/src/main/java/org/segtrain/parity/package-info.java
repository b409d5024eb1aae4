/**
 * Proof that the models are those of the papers: runs the files that the reference implementations
 * wrote, on weights and images that closed formulas give, and compares every number in them.
 */
package org.segtrain.parity;
