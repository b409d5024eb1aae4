/**
 * Operations that DJL's PyTorch engine lacks, reached through TorchScript. A module of one line of
 * code, written as an archive in plain Java, calls any ATen operation on any device. Autograd
 * records the call. A call costs about 4 µs more than one of DJL's own; {@code AtenOverhead},
 * beside the tests, measures it.
 *
 * <ul>
 *   <li>{@link org.segtrain.engine.Aten}: differentiable operations on arrays,
 *   <li>{@link org.segtrain.engine.ArrayLists}: operations in place on lists of arrays, outside
 *       autograd (fused AdamW, SGD, global norm),
 *   <li>{@link org.segtrain.engine.Autograd}: gradients, and the switch of a thread,
 *   <li>{@link org.segtrain.engine.internal.Graph}: a forward pass written down, made by {@code
 *       org.segtrain.torchscript}.
 * </ul>
 */
package org.segtrain.engine;
