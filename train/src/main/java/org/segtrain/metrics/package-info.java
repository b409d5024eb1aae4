/**
 * How good class maps are: the counts of an evaluation ({@code Evaluation}) and the figures that
 * follow from them ({@code Metrics}).
 */
package org.segtrain.metrics;
