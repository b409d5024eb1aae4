package org.segtrain.heads;

/**
 * A second classifier that only training uses.
 *
 * @param head reads the one map
 * @param map which map of the backbone, 0 being the finest
 * @param weight of its loss
 */
public record AuxiliaryHead(SegmentationHead head, int map, double weight) {}
