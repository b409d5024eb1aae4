package org.segtrain.torchscript;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the part of Python's pickle protocol 2 that a TorchScript archive needs. */
final class Pickle {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickle() {
    op(0x80).op(2);
  }

  private Pickle op(int code) {
    out.write(code);
    return this;
  }

  Pickle bool(boolean value) {
    return op(value ? 0x88 : 0x89);
  }

  Pickle string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    op('X').int32(utf8.length).out.writeBytes(utf8);
    return this;
  }

  /** A contiguous tensor kept in {@code data/key}. */
  Pickle tensor(String storage, String key, boolean requiresGradient, Shape shape) {
    long[] sizes = shape.getShape();
    long[] strides = new long[sizes.length];
    long size = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = size;
      size *= sizes[i];
    }
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    op('(').string("storage").global("torch", storage).string(key).string("cpu").integer(size);
    op('t').op('Q');
    integer(0).longs(sizes).longs(strides).bool(requiresGradient);
    return global("collections", "OrderedDict").op(')').op('R').op('t').op('R');
  }

  /** Remembers what was written last under the next number, counted from 0. */
  Pickle remember(int number) {
    return op('r').int32(number);
  }

  /** The very object that was remembered. */
  Pickle recall(int number) {
    return op('j').int32(number);
  }

  /** Starts an object of class {@code module.name}; its attributes follow as key, value, ... */
  Pickle begin(String module, String name) {
    return global(module, name).op(')').op(0x81).op('}').op('(');
  }

  Pickle end() {
    return op('u').op('b');
  }

  /** Starts an object of class {@code module.name} that reads its state, the values that follow. */
  Pickle beginState(String module, String name) {
    return global(module, name).op(')').op(0x81).op('(');
  }

  Pickle endState() {
    return op('t').op('b');
  }

  byte[] finish() {
    op('.');
    return out.toByteArray();
  }

  private Pickle integer(long value) { // storages are smaller than 2^31 elements
    return op('J').int32(Math.toIntExact(value));
  }

  private Pickle longs(long... values) {
    op('(');
    for (long value : values) {
      integer(value);
    }
    return op('t');
  }

  private Pickle global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private Pickle int32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
    return this;
  }
}
