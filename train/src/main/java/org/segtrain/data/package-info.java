/**
 * Data sets, and the reading and writing of images and masks.
 *
 * <p>An image is {@code H*W*3} bytes, row by row, red first, each 0-255. A mask is {@code H*W}
 * bytes: the class of each pixel, from 0, or 255 for void, which is neither trained nor scored.
 */
package org.segtrain.data;
