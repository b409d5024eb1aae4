package org.segtrain.data;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of a JPEG file (ITU-T T.81, annex B), to leave out bytes between them that mean nothing
 * and to add the mark of its end. A decoder tells whether pixels are missing then.
 */
final class JpegParts {

  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;
  private static final int MOST_COMPONENTS = 4;
  private static final int COEFFICIENTS = 64; // of a block

  private static final int ALL = Integer.MAX_VALUE;

  /** How many noughts the pixels may end with, likely ones first. */
  private static final int[] NOUGHTS = {ALL, 0, 1, 2, 3};

  private final byte[] bytes;
  private final int noughts;
  private final ByteArrayOutputStream out;
  private final int[] components = new int[MOST_COMPONENTS]; // their identifiers
  private final int[][] missing = new int[MOST_COMPONENTS][COEFFICIENTS]; // low bits, by component
  private boolean progressive;
  private int count;
  private int at = 2;

  private JpegParts(byte[] bytes, int noughts) {
    this.bytes = bytes;
    this.noughts = noughts;
    this.out = new ByteArrayOutputStream(bytes.length + 2);
    for (int[] bits : missing) {
      Arrays.fill(bits, Integer.MAX_VALUE);
    }
  }

  /**
   * The same without zeros and filling before its marks and behind its end, and with that end.
   * There is one for each number of final zeros that may be pixels; at most one is right. Empty if
   * it is like that already, or if parts of it are missing.
   */
  static List<byte[]> mended(byte[] bytes) {
    List<byte[]> all = new ArrayList<>();
    for (int noughts : NOUGHTS) {
      JpegParts parts = new JpegParts(bytes, noughts);
      if (parts.isRewritten()) {
        byte[] mended = parts.out.toByteArray();
        boolean isNew = all.stream().noneMatch(other -> Arrays.equals(other, mended));
        if (isNew && !Arrays.equals(bytes, mended)) {
          all.add(mended);
        }
      }
    }
    return all;
  }

  private boolean isRewritten() {
    out.write(bytes, 0, at);
    while (true) {
      skipFilling();
      if (at + 1 >= bytes.length) {
        writeEnd();
        return hasAllScans();
      }
      int marker = unsigned(at + 1);
      if (unsigned(at) != 0xFF || marker == 0) {
        return false;
      }
      if (marker == END) {
        writeEnd();
        return true;
      }
      if (at + 4 > bytes.length || at + 2 + length() > bytes.length) {
        return false;
      }
      segment(marker);
      if (marker == SCAN) {
        pixels();
      }
    }
  }

  private void writeEnd() {
    out.write(0xFF);
    out.write(END);
  }

  private int unsigned(int place) {
    return bytes[place] & 0xFF;
  }

  /** Noughts, and marks' first byte more than once. */
  private void skipFilling() {
    while (at < bytes.length
        && (bytes[at] == 0
            || (unsigned(at) == 0xFF && (at + 1 == bytes.length || unsigned(at + 1) == 0xFF)))) {
      at++;
    }
  }

  private int length() {
    return (unsigned(at + 2) << 8) | unsigned(at + 3);
  }

  private void segment(int marker) {
    int end = at + 2 + length();
    boolean isFrame = marker == 0xC0 || (marker > 0xC0 && marker <= 0xCF && marker % 4 != 0);
    if (isFrame && at + 9 < end) {
      progressive = marker == 0xC2;
      count = Math.min(MOST_COMPONENTS, unsigned(at + 9));
      for (int i = 0; i < count && at + 10 + 3 * i < end; i++) {
        components[i] = unsigned(at + 10 + 3 * i);
      }
    } else if (marker == SCAN && at + 4 < end) {
      scan(end);
    }
    out.write(bytes, at, end - at);
    at = end;
  }

  /** Notes which bits of which coefficients a scan has. */
  private void scan(int end) {
    int from = progressive ? unsigned(end - 3) : 0;
    int to = progressive ? unsigned(end - 2) : COEFFICIENTS - 1;
    int low = progressive ? unsigned(end - 1) & 0xF : 0;
    for (int i = 0; i < unsigned(at + 4) && at + 5 + 2 * i < end; i++) {
      for (int k = 0; k < count; k++) {
        if (components[k] == unsigned(at + 5 + 2 * i)) {
          for (int z = from; z <= Math.min(to, COEFFICIENTS - 1); z++) {
            missing[k][z] = Math.min(missing[k][z], low);
          }
        }
      }
    }
  }

  /** Whether no scan is missing: each begins what the one before it leaves out. */
  private boolean hasAllScans() {
    return count > 0
        && Arrays.stream(missing, 0, count)
            .flatMapToInt(Arrays::stream)
            .allMatch(lowest -> lowest == 0);
  }

  /** The pixels of a scan, up to the next mark that is no restart, without filling at their end. */
  private void pixels() {
    int end = at;
    while (end < bytes.length && !isMark(end)) {
      end++;
    }
    int filled = end;
    while (filled > at && unsigned(filled - 1) == 0xFF) {
      filled--;
    }
    int last = filled;
    while (last > at && isFilling(last - 1)) {
      last--;
    }
    boolean isEnded = end < bytes.length;
    if (isEnded || (noughts == ALL && filled - last == 1)) { // more would be in the place of pixels
      last = (int) Math.min(filled, (long) last + noughts);
    }
    out.write(bytes, at, last - at);
    at = end;
  }

  private boolean isMark(int place) {
    if (unsigned(place) != 0xFF || place + 1 >= bytes.length) {
      return false;
    }
    int next = unsigned(place + 1);
    return next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7);
  }

  /** A nought behind 0xFF is that byte of the pixels. */
  private boolean isFilling(int place) {
    return unsigned(place) == 0xFF
        || (bytes[place] == 0 && (place == at || unsigned(place - 1) != 0xFF));
  }
}
