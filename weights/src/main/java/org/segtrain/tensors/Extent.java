package org.segtrain.tensors;

/** A part of a file, in bytes. */
record Extent(long position, long length) {}
