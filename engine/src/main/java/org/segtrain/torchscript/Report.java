package org.segtrain.torchscript;

/**
 * What an export gave, and how its file compares with the block on inputs of sizes that were not
 * recorded.
 *
 * @param difference the largest absolute difference between any two elements of their outputs
 * @param equalClasses the share of places with the same highest score along axis 1, or with the
 *     same whole number, as in class maps, 0-1
 * @param seconds the export took
 * @param bytes of the file
 */
public record Report(double difference, double equalClasses, double seconds, long bytes) {}
