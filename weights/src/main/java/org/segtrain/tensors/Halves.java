package org.segtrain.tensors;

/** The two floating-point numbers of 16 bits, and float32. */
final class Halves {

  private static final int FRACTION = 13; // bits of a float32's fraction that a half lacks
  private static final int BIAS = 127 - 15; // of their exponents

  private Halves() {}

  /** The value of a bfloat16: the upper half of a float32. */
  static float bfloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The value of an IEEE half: 1 bit of sign, 5 of exponent, 10 of fraction. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // subnormal: units of 2^-24
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
    }
    int wide = exponent == 0x1f ? 0xff : exponent + BIAS;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << FRACTION);
  }

  /** The nearest bfloat16, the even one of two as near. */
  static short toBfloat(float number) {
    int bits = Float.floatToRawIntBits(number);
    if (Float.isNaN(number)) {
      return (short) (bits >> 16 | 0x40); // stays one
    }
    return (short) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }

  /** The nearest half, the even one of two as near; an infinite one from 65520 on. */
  static short toHalf(float number) {
    int sign = Float.floatToRawIntBits(number) >> 16 & 0x8000;
    float size = Math.abs(number);
    if (Float.isNaN(number)) {
      return (short) (sign | 0x7e00);
    } else if (size < 0x1p-14f) { // subnormal: units of 2^-24
      return (short) (sign | (int) Math.rint(size * 0x1p24));
    } else if (size >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int bits = Float.floatToRawIntBits(size) - (BIAS << 23);
    return (short) (sign | ((bits + 0xfff + (bits >> FRACTION & 1)) >> FRACTION));
  }
}
