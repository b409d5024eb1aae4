package org.segtrain.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Ways in which a file goes bad, by accident or on purpose. */
enum Mutation {
  /** Ends early. */
  CUT {
    @Override
    byte[] of(byte[] whole, Random random) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
  },
  /** Has a few bits turned. */
  BITS {
    @Override
    byte[] of(byte[] whole, Random random) {
      byte[] bytes = whole.clone();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return bytes;
    }
  },
  /** Has a few bytes that are something else. */
  BYTES {
    @Override
    byte[] of(byte[] whole, Random random) {
      byte[] bytes = whole.clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      return bytes;
    }
  },
  /** Has a number, of 2, 4 or 8 bytes, that is huge, negative or nothing. */
  NUMBER {
    @Override
    byte[] of(byte[] whole, Random random) {
      long[] odd = {0, -1, 1, 0x7fffffffL, 0x80000000L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
      byte[] number =
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(odd[random.nextInt(odd.length)])
              .array();
      byte[] bytes = whole.clone();
      int length = 2 << random.nextInt(3);
      int at = random.nextInt(Math.max(1, bytes.length - length));
      System.arraycopy(number, 0, bytes, at, Math.min(length, bytes.length - at));
      return bytes;
    }
  },
  /** Has a part of it in another place, over what was there. */
  OVERWRITTEN {
    @Override
    byte[] of(byte[] whole, Random random) {
      byte[] bytes = whole.clone();
      int length = 1 + random.nextInt(Math.min(64, bytes.length));
      int from = random.nextInt(bytes.length - length + 1);
      int to = random.nextInt(bytes.length - length + 1);
      System.arraycopy(whole, from, bytes, to, length);
      return bytes;
    }
  },
  /** Has a part twice, or lacks one. */
  SHIFTED {
    @Override
    byte[] of(byte[] whole, Random random) {
      int at = random.nextInt(whole.length);
      int from = Math.max(0, Math.min(whole.length, at + random.nextInt(129) - 64));
      byte[] bytes = Arrays.copyOf(whole, at + whole.length - from);
      System.arraycopy(whole, from, bytes, at, whole.length - from);
      return bytes;
    }
  },
  /** Has opcodes of pickles where there were others. */
  OPERATIONS {
    @Override
    byte[] of(byte[] whole, Random random) {
      byte[] bytes = whole.clone();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        int at = random.nextInt(Math.min(bytes.length, 3000)); // pickles come first
        bytes[at] = (byte) PICKLE.charAt(random.nextInt(PICKLE.length()));
      }
      return bytes;
    }
  };

  private static final String PICKLE =
      "\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091"
          + "\u0092\u0093\u0094\u0095\u0096\u0097\u0098(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu})]BCG";

  /** A file made of {@code whole}, which has at least a byte. */
  abstract byte[] of(byte[] whole, Random random);
}
