/**
 * The translators that DJL needs to serve an exported model as {@code Model<Image, CategoryMask>}.
 * It uses nothing but DJL and {@code org.segtrain.images}: an export carries both in a jar, and DJL
 * Serving loads it from there.
 *
 * <p>The model reads photographs as bytes, {@code B H W 3}, and gives the class of each pixel,
 * {@code B H W}, bytes too: scores never leave the device.
 */
package org.segtrain.serving;
