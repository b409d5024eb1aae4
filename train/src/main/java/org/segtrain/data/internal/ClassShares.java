package org.segtrain.data.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;

/** The classes that occur in a map as entries of a legend, that of the most pixels first. */
public final class ClassShares {

  private static final String VOID = "void";

  private ClassShares() {}

  /**
   * With their percentages.
   *
   * @param labels {@code H*W} bytes
   */
  public static List<Legend.Entry> of(byte[] labels, List<String> classes, Palette palette) {
    int[] pixels = count(labels);
    return entries(
        pixels,
        palette,
        k -> "%s %s %%".formatted(name(k, classes), percent(pixels[k], labels.length)));
  }

  /**
   * With their names alone.
   *
   * @param labels of any number of maps
   */
  public static List<Legend.Entry> namesOf(byte[] labels, List<String> classes, Palette palette) {
    return entries(count(labels), palette, k -> name(k, classes));
  }

  private static int[] count(byte[] labels) {
    int[] pixels = new int[Sample.VOID + 1];
    for (byte label : labels) {
      pixels[label & 0xFF]++;
    }
    return pixels;
  }

  private static List<Legend.Entry> entries(
      int[] pixels, Palette palette, IntFunction<String> text) {
    return IntStream.rangeClosed(0, Sample.VOID)
        .filter(k -> pixels[k] > 0)
        .boxed()
        .sorted(Comparator.comparing((Integer k) -> pixels[k]).reversed())
        .map(k -> new Legend.Entry(palette.rgb(k), text.apply(k)))
        .toList();
  }

  private static String name(int k, List<String> classes) {
    return k == Sample.VOID ? VOID : classes.get(k);
  }

  /** Rounded down, so that not all of the map is said to be of a class that is not. */
  private static String percent(int pixels, int all) {
    double percent = 100.0 * pixels / all;
    return percent < 1 ? "< 1" : String.format(Locale.ROOT, "%.0f", Math.floor(percent));
  }
}
