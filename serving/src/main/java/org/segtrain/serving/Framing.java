package org.segtrain.serving;

import org.segtrain.images.PixelSize;

/**
 * Where a photograph is in what the model read.
 *
 * @param photograph its own size
 * @param whole the size of what the model read
 * @param shown the size that it has there, from the top left; the rest is padding
 */
record Framing(PixelSize photograph, PixelSize whole, PixelSize shown) {}
