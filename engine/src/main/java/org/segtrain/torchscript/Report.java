package org.segtrain.torchscript;

/**
 * The result of an export, and the comparison of its file with the block on inputs of unseen sizes.
 *
 * @param difference the largest absolute difference between any two elements of their outputs
 * @param equalClasses the share of places with the same highest score along axis 1, or with the
 *     same whole number, as in class maps, 0-1
 * @param seconds the export took
 * @param bytes of the file
 */
public record Report(double difference, double equalClasses, double seconds, long bytes) {}
