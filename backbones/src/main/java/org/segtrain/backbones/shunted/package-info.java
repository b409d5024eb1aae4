/** The Shunted Transformer. Read {@code ShuntedConfig} first, {@code Shunted} last. */
package org.segtrain.backbones.shunted;
