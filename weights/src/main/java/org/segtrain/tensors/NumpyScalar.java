package org.segtrain.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Single numbers of NumPy, which programs put into checkpoints where they mean Python's own. */
final class NumpyScalar {

  private NumpyScalar() {}

  /** A type by its code, {@code f8} for instance. */
  static final class Type {

    private final String code;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    Type(String code) {
      this.code = code;
    }

    /** Takes the byte order out of the state of a dtype. */
    void build(List<Object> state) {
      order = state.size() > 1 && ">".equals(state.get(1)) ? ByteOrder.BIG_ENDIAN : order;
    }

    /** The number in those bytes. */
    Object value(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
      return switch (code + ":" + bytes.length) {
        case "f8:8" -> in.getDouble();
        case "f4:4" -> (double) in.getFloat();
        case "f2:2" -> (double) Halves.half(in.getShort());
        case "i8:8", "u8:8" -> in.getLong();
        case "i4:4" -> (long) in.getInt();
        case "u4:4" -> in.getInt() & 0xffffffffL;
        case "i2:2" -> (long) in.getShort();
        case "u2:2" -> in.getShort() & 0xffffL;
        case "i1:1" -> (long) in.get();
        case "u1:1" -> in.get() & 0xffL;
        case "b1:1" -> in.get() != 0;
        default -> throw new PickleException("has a number of NumPy's type " + code);
      };
    }
  }
}
