/**
 * What is in a file of weights, put into a model: which part of the file, which name goes where,
 * what is converted on the way, and what is refused.
 */
package org.segtrain.weights;
