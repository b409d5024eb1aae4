package org.segtrain.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A part of the training images that is split off for validation, by the names alone.
 *
 * @param validation share of them, 0-1
 */
record SplitShare(double validation) {

  private static final int SHARE_BITS = 53;

  /** The split of an image of that name. */
  Split of(String name) {
    return share(name) < validation ? Split.VALIDATION : Split.TRAINING;
  }

  /** A number in [0, 1) that depends on the name alone, so that new files move no old one. */
  static double share(String name) {
    byte[] bytes = Normalizer.normalize(name, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    long bits = 0;
    for (byte b : sha256(bytes)) {
      bits = bits << 8 | (b & 0xFF);
    }
    return (bits >>> (Long.SIZE - SHARE_BITS)) / (double) (1L << SHARE_BITS);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Arrays.copyOf(sum, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
