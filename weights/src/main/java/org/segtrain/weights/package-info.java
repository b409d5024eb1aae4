/**
 * Loads a file of weights into a model: finds the part and the names, converts arrays, and refuses
 * files that do not fit.
 */
package org.segtrain.weights;
