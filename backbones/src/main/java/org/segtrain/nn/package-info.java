/**
 * The few layers and base types that every backbone and head is made of, on top of DJL's.
 *
 * <p>Letters in shapes, here and in all packages above:
 *
 * <ul>
 *   <li>{@code B} images, {@code H W} height and width of a map, {@code C} its channels,
 *   <li>{@code N = H·W} tokens or queries, {@code M} keys, {@code h} heads of {@code d = C/h}
 *       channels,
 *   <li>{@code K} classes, {@code R} the reduction of a side.
 * </ul>
 *
 * <p>Inside a backbone maps travel as {@code B H W C}: {@code Linear} and {@code LayerNorm} apply
 * directly, and the shape has height and width. At its border and in heads they are {@code B C H
 * W}.
 */
package org.segtrain.nn;
