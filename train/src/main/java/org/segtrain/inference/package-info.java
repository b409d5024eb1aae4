/**
 * A model in use: from photographs to class maps. Read {@code Network} and {@code Segmenter} in
 * {@code internal}, then {@code ModelInUse} and {@code TrainedModel}.
 */
package org.segtrain.inference;
