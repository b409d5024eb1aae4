package org.segtrain.tensors;

import ai.djl.ndarray.types.Shape;

/** Type and shape of a tensor, known before its numbers are read. */
public record TensorInfo(ElementType type, Shape shape) {}
