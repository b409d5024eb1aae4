package org.segtrain.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The head of a JPEG file (ITU-T T.81, annex B), as far as it decides whether libjpeg-turbo gives
 * the pixels that ImageIO gives: eight bits, grey or YCbCr, no colour profile, one frame.
 */
final class PlainJpeg {

  private static final Set<Integer> FRAMES = Set.of(0xC0, 0xC1, 0xC2); // of Huffman's codes

  /** Tables, restart intervals, comments and data of applications. */
  private static final Set<Integer> HARMLESS = Set.of(0xC4, 0xDB, 0xDD, 0xFE);

  private static final int SCAN = 0xDA;
  private static final int PROFILE = 0xE2;
  private static final int ADOBE = 0xEE;
  private static final int YCBCR = 1; // in Adobe's segment

  private final byte[] bytes;
  private int at = 2;
  private Extent size = new Extent(0, 0);
  private int components;
  private int transform = YCBCR;

  private PlainJpeg(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Decodes a file; empty if it is another, has a fault, or this machine has no library for it.
   *
   * @throws org.segtrain.errors.DataException if the Java heap does not hold it
   */
  static Optional<PlainImage> decode(Path file, byte[] bytes) {
    PlainJpeg head = new PlainJpeg(bytes);
    if (!NativeDecoder.isThere() || !head.isRead()) {
      return Optional.empty();
    }
    int width = head.size.width();
    int height = head.size.height();
    Room.require(file, width, height);
    byte[] rgb = new byte[3 * width * height];
    return NativeDecoder.jpeg(bytes, width, height, rgb)
        ? Optional.of(PlainImage.ofRgb(width, height, rgb))
        : Optional.empty();
  }

  /** Whether all up to the first scan is as it should be. */
  private boolean isRead() {
    while (at + 4 <= bytes.length && unsigned(at) == 0xFF) {
      int marker = unsigned(at + 1);
      int end = at + 2 + number(at + 2);
      if (marker == SCAN) {
        return components == 1 || (components == 3 && transform == YCBCR);
      }
      if (end < at + 4 || end > bytes.length || !isKnown(marker, end)) {
        return false;
      }
      at = end;
    }
    return false;
  }

  private boolean isKnown(int marker, int end) {
    if (FRAMES.contains(marker)) {
      return components == 0 && isFrame(end);
    } else if (marker == PROFILE) {
      return !begins("ICC_PROFILE");
    } else if (marker == ADOBE && begins("Adobe") && end >= at + 16) {
      transform = unsigned(at + 15);
    }
    return HARMLESS.contains(marker) || (marker & 0xF0) == 0xE0;
  }

  private boolean isFrame(int end) {
    if (end < at + 10 || unsigned(at + 4) != Byte.SIZE) {
      return false;
    }
    size = new Extent(number(at + 7), number(at + 5));
    components = unsigned(at + 9);
    return size.width() > 0
        && size.height() > 0
        && end == at + 10 + 3 * components
        && (components == 1 || (components == 3 && isNumbered()));
  }

  /** Without these numbers, decoders guess whether the components are Y, Cb and Cr. */
  private boolean isNumbered() {
    return unsigned(at + 10) == 1 && unsigned(at + 13) == 2 && unsigned(at + 16) == 3;
  }

  private boolean begins(String name) {
    byte[] word = name.getBytes(StandardCharsets.US_ASCII);
    int from = at + 4;
    return from + word.length <= bytes.length
        && Arrays.equals(bytes, from, from + word.length, word, 0, word.length);
  }

  private int unsigned(int place) {
    return bytes[place] & 0xFF;
  }

  private int number(int place) {
    return ByteBuffer.wrap(bytes).getShort(place) & 0xFFFF;
  }
}
