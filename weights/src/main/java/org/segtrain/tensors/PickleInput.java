package org.segtrain.tensors;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.segtrain.errors.Counted;

/** The constants of a pickle. No length that it names is taken for more than the bytes left. */
final class PickleInput {

  /** Of names and keys, in characters. */
  static final int LONGEST_NAME = 1000;

  private static final int LONGEST_NUMBER = 256; // bytes

  private final ByteBuffer in;

  PickleInput(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  int unsignedByte() {
    return in.get() & 0xff;
  }

  int integer() {
    return in.getInt();
  }

  void skipLong() {
    in.getLong();
  }

  /** The value that an operation carries; refuses an operation that is none of these. */
  Object constant(int operation) {
    return switch (operation) {
      case 'N' -> null;
      case 0x88 -> true;
      case 0x89 -> false;
      case 'K' -> (long) (in.get() & 0xff); // BININT1
      case 'M' -> (long) (in.getShort() & 0xffff); // BININT2
      case 'J' -> (long) in.getInt(); // BININT
      case 0x8a -> number(in.get() & 0xff); // LONG1
      case 0x8b -> number(in.getInt()); // LONG4
      case 'G' -> bigEndianDouble();
      case 'X' -> string(in.getInt() & 0xffffffffL, StandardCharsets.UTF_8); // BINUNICODE
      case 0x8c -> string(in.get() & 0xff, StandardCharsets.UTF_8); // SHORT_BINUNICODE
      case 0x8d -> string(in.getLong(), StandardCharsets.UTF_8); // BINUNICODE8
      case 'T' -> string(in.getInt(), StandardCharsets.ISO_8859_1); // BINSTRING
      case 'U' -> string(in.get() & 0xff, StandardCharsets.ISO_8859_1); // SHORT_BINSTRING
      case 'B' -> bytes(in.getInt() & 0xffffffffL); // BINBYTES
      case 'C' -> bytes(in.get() & 0xff); // SHORT_BINBYTES
      case 0x8e -> bytes(in.getLong()); // BINBYTES8
      default ->
          throw new PickleException(
              "has the operation 0x%02x, which is not read".formatted(operation));
    };
  }

  /** Characters up to the end of the line. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      if (line.length() == LONGEST_NAME) {
        throw new PickleException("has a name of Python that is none");
      }
      line.append(c);
    }
    return line.toString();
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  private Object number(int length) {
    if (length < 0 || length > LONGEST_NUMBER) {
      throw new PickleException("has a number of %s".formatted(Counted.of(length, "byte")));
    }
    byte[] bytes = bytes(length);
    byte[] bigEndian = new byte[length + 1]; // a leading zero, or no bytes would be no number
    for (int i = 0; i < length; i++) {
      bigEndian[length - i] = bytes[i];
    }
    bigEndian[0] = (byte) (length > 0 && bytes[length - 1] < 0 ? -1 : 0);
    BigInteger number = new BigInteger(bigEndian);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private String string(long length, Charset charset) {
    return new String(bytes(length), charset);
  }

  private byte[] bytes(long length) {
    if (length < 0 || length > in.remaining()) {
      throw new PickleException("has a string of %s".formatted(Counted.of(length, "byte")));
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }
}
