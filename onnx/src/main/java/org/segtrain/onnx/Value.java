package org.segtrain.onnx;

/** The value of an expression in the graph: one array, or a list of arrays. */
sealed interface Value permits Tensor, Parts {}
