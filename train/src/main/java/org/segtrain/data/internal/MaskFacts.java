package org.segtrain.data.internal;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The facts from one reading of a mask, whatever its values mean.
 *
 * @param width pixels
 * @param height pixels
 * @param coloured whether it has red, green and blue; then values are {@code 0xRRGGBB}
 * @param pixels how many there are of each value; of colours the first {@link #MOST}
 * @param palette the colours of the values that occur, {@code 0xRRGGBB}; empty without a palette
 * @param sum SHA-256 of its size and values, hexadecimal
 */
public record MaskFacts(
    int width,
    int height,
    boolean coloured,
    Map<Integer, Long> pixels,
    Map<Integer, Integer> palette,
    String sum) {

  /** Colours that are counted; a mask has fewer, a photograph has more. */
  public static final int MOST = 4096;

  public MaskFacts {
    pixels = Collections.unmodifiableMap(new TreeMap<>(pixels));
    palette = Collections.unmodifiableMap(new TreeMap<>(palette));
  }
}
