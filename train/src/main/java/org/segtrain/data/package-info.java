/**
 * Data sets, the reading and writing of images and masks, and batches for training.
 *
 * <p>An image is {@code H*W*3} bytes, row by row, red first, each 0-255. A mask is {@code H*W}
 * bytes: the class of each pixel, from 0, or 255 for void, which is neither trained nor scored.
 */
package org.segtrain.data;
