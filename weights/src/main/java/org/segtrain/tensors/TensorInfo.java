package org.segtrain.tensors;

import ai.djl.ndarray.types.Shape;

/** What a file says of a tensor before its numbers are read. */
public record TensorInfo(ElementType type, Shape shape) {}
