package org.segtrain.inference.internal;

/**
 * Where one class is in a map, as COCO writes it: lengths of runs of other pixels and its own by
 * turns, column by column. The characters are those of pycocotools' {@code rleToString}. From the
 * fourth length on they have the difference to the last but one, in groups of five bits; a sixth
 * says that more follow.
 */
final class RunLengths {

  private static final int FIRST = 48; // character of 0
  private static final int BITS = 5;
  private static final int MORE = 1 << BITS;
  private static final int SIGN = MORE >> 1;

  private final StringBuilder text = new StringBuilder();
  private long end; // of the last run of the class, pixels
  private long last;
  private long lastButOne;
  private int count;

  /**
   * Adds the pixels from {@code from} to {@code to}, behind those there are and not next to them.
   */
  void add(long from, long to) {
    append(from - end);
    append(to - from);
    end = to;
  }

  /** The text of a map of so many pixels. */
  String text(long pixels) {
    if (end < pixels) {
      append(pixels - end);
      end = pixels;
    }
    return text.toString();
  }

  private void append(long length) {
    long rest = count > 2 ? length - lastButOne : length;
    boolean more = true;
    while (more) {
      long group = rest & (MORE - 1);
      rest >>= BITS;
      more = (group & SIGN) != 0 ? rest != -1 : rest != 0;
      text.append((char) (FIRST + (more ? group | MORE : group)));
    }
    lastButOne = last;
    last = length;
    count++;
  }
}
