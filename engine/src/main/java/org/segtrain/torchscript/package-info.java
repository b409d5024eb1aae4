/**
 * Export of a block by recording: its ordinary forward pass runs on arrays that write down what is
 * done to them, at several sizes, and from that comes one program for inputs of every size.
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
