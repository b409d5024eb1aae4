package org.segtrain.onnx;

/** What an expression stands for in the graph: one array, or a list of arrays. */
sealed interface Value permits Tensor, Parts {}
