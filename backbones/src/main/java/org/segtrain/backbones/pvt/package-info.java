/** The Pyramid Vision Transformer. Read {@code PvtConfig} first, {@code Pvt} last. */
package org.segtrain.backbones.pvt;
