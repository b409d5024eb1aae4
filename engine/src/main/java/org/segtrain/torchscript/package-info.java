/**
 * Export of a block by recording. Its ordinary forward pass runs at several sizes on arrays that
 * record their operations. The recordings become one program for inputs of every size.
 *
 * <ul>
 *   <li>{@link org.segtrain.torchscript.TorchScript}: a block as a TorchScript file,
 *   <li>{@link org.segtrain.torchscript.Recordings}: a block as a {@link
 *       org.segtrain.engine.internal.Graph}, for other formats.
 * </ul>
 *
 * <p>A block may use every method of DJL's arrays that {@code Methods} lists, and {@link
 * org.segtrain.engine.Aten}. Its control flow may not depend on the size of the input: see {@link
 * org.segtrain.engine.Aten#records}.
 */
package org.segtrain.torchscript;
