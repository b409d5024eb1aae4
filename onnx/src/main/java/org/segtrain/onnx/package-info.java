/**
 * A recorded forward pass ({@link org.segtrain.engine.internal.Graph}) as an ONNX file.
 *
 * <p>{@link org.segtrain.onnx.Onnx} is the way in. {@code Lowerings} and the tables it joins say
 * how each operation of PyTorch is written; to add one, add a row there, and one to the test of
 * rows.
 */
package org.segtrain.onnx;
