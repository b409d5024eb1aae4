/**
 * Heads, which turn the four maps of a backbone into class scores. All maps are {@code B C H W};
 * none of these blocks knows which backbone it serves.
 */
package org.segtrain.heads;
