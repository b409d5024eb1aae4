/**
 * A model in use: from photographs to class maps. Read {@code Network}, {@code Segmenter} and then
 * {@code TrainedModel}.
 */
package org.segtrain.inference;
