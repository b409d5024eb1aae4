package org.segtrain.heads;

import java.util.List;

/**
 * The numbers that a published head is made from.
 *
 * @param channels of the maps of the backbone, finest first
 * @param features channels inside the head
 * @param classes K of them
 * @param dropout share of the channels that training drops before the classifier, 0-1
 */
record HeadPlan(List<Integer> channels, int features, Classes classes, float dropout) {}
