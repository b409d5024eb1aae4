package org.segtrain.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.segtrain.engine.internal.Expr;

/**
 * One operation of one recording.
 *
 * @param value what is computed; null for an input
 * @param shape of the result in this recording; null for a list of arrays
 * @param type of its elements; null for a list of arrays
 * @param block that asked for it, as the state dict names it
 */
record Step(Expr value, Shape shape, DataType type, String block) {}
