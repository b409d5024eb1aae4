package org.segtrain.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** What becomes of the bytes of a file, which has at least one. */
final class Damage {

  private static final String PICKLE =
      "\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091"
          + "\u0092\u0093\u0094\u0095\u0096\u0097\u0098(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu})]BCG";

  private Damage() {}

  static byte[] cut(byte[] whole, Random random) {
    return Arrays.copyOf(whole, random.nextInt(whole.length));
  }

  static byte[] bits(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  static byte[] bytes(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  static byte[] number(byte[] whole, Random random) {
    long[] odd = {0, -1, 1, 0x7fffffffL, 0x80000000L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    boolean little = random.nextBoolean();
    byte[] number =
        ByteBuffer.allocate(Long.BYTES)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
            .putLong(odd[random.nextInt(odd.length)])
            .array();
    byte[] bytes = whole.clone();
    int length = 2 << random.nextInt(3);
    int at = random.nextInt(Math.max(1, bytes.length - length));
    int from = little ? 0 : number.length - length;
    System.arraycopy(number, from, bytes, at, Math.min(length, bytes.length - at));
    return bytes;
  }

  static byte[] overwritten(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int length = 1 + random.nextInt(Math.min(64, bytes.length));
    int from = random.nextInt(bytes.length - length + 1);
    int to = random.nextInt(bytes.length - length + 1);
    System.arraycopy(whole, from, bytes, to, length);
    return bytes;
  }

  static byte[] shifted(byte[] whole, Random random) {
    int at = random.nextInt(whole.length);
    int from = Math.max(0, Math.min(whole.length, at + random.nextInt(129) - 64));
    byte[] bytes = Arrays.copyOf(whole, at + whole.length - from);
    System.arraycopy(whole, from, bytes, at, whole.length - from);
    return bytes;
  }

  static byte[] operations(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(Math.min(bytes.length, 3000)); // pickles come first
      bytes[at] = (byte) PICKLE.charAt(random.nextInt(PICKLE.length()));
    }
    return bytes;
  }
}
