package org.segtrain.serving;

/** A width and a height in pixels. */
record PixelSize(int width, int height) {}
