/** The Multi-Path Vision Transformer. Read {@code MpvitConfig} first, {@code Mpvit} last. */
package org.segtrain.backbones.mpvit;
