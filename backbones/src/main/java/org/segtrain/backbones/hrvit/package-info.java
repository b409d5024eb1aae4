/** The High-Resolution Vision Transformer. Read {@code HrvitConfig} first, {@code Hrvit} last. */
package org.segtrain.backbones.hrvit;
