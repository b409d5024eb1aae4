package org.segtrain.serving;

import org.segtrain.images.PixelSize;

/**
 * The place of a photograph in the input of the model.
 *
 * @param photograph its own size
 * @param whole the size of the input
 * @param shown the size of the photograph there, from the top left; the rest is padding
 */
record Framing(PixelSize photograph, PixelSize whole, PixelSize shown) {}
