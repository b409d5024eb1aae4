package org.segtrain.check;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.segtrain.check.Evidence.Read;

/** The colours of masks, and masks themselves, in sentences. */
final class Colours {

  /** How to give classes colours. */
  static final String REMEDY =
      "write each class into classes.txt as in \"sky #4682b4\", and \"void #000000\" for no class";

  /** More than these are no colours of classes. */
  static final int MOST = 64;

  private static final int SHOWN = 12; // of those that are too many
  private static final int GREY = 0x010101; // times a value

  private Colours() {}

  /** Red, green and blue of a value of a mask, or of a colour. */
  static int rgb(Read read, int value) {
    return read.mask().coloured() ? value : read.mask().palette().getOrDefault(value, value * GREY);
  }

  /** The same as {@code #rrggbb}. */
  static String hex(Read read, int value) {
    return "#%06x".formatted(rgb(read, value));
  }

  /** Whether red, green and blue are the same. */
  static boolean isGrey(int rgb) {
    return rgb == (rgb & 0xFF) * GREY;
  }

  /** Whether its palette gives a value that occurs a colour that is no grey. */
  static boolean isPainted(Read read) {
    return read.mask().palette().values().stream().anyMatch(rgb -> !isGrey(rgb));
  }

  /** All of them, for people who have to name them, if they may be those of classes. */
  static String listed(List<String> colours) {
    boolean all = colours.size() <= MOST;
    String shown = colours.stream().limit(all ? MOST : SHOWN).collect(Collectors.joining(", "));
    return all ? shown : "%s and %d more".formatted(shown, colours.size() - SHOWN);
  }

  /** "3 masks, such as FILE, have". */
  static String count(List<Read> masks, String many, String one) {
    String first = masks.get(0).maskFile();
    return masks.size() == 1
        ? "%s %s".formatted(first, one)
        : "%d masks, such as %s, %s".formatted(masks.size(), first, many);
  }

  static List<List<String>> files(Collection<Read> masks) {
    return masks.stream().map(read -> List.of(read.maskFile())).toList();
  }
}
