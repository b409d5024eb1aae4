package org.segtrain.tensors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the few things of which the pickle of a state dict consists, in protocol 2. */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    operation(0x80).operation(2);
  }

  /** One operation of a pickle, as {@code pickletools} lists them. */
  PickleWriter operation(int operation) {
    out.write(operation);
    return this;
  }

  /** A name of Python. */
  PickleWriter global(String module, String name) {
    out.writeBytes("c%s\n%s\n".formatted(module, name).getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  PickleWriter string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeBytes(little(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter number(long number) {
    operation(0x8a).operation(Long.BYTES);
    out.writeBytes(little(Long.BYTES).putLong(number).array());
    return this;
  }

  PickleWriter tuple(long... numbers) {
    out.write('(');
    for (long number : numbers) {
      number(number);
    }
    out.write('t');
    return this;
  }

  /** An empty {@code OrderedDict}. */
  PickleWriter dictionary() {
    return global("collections", "OrderedDict").operation(')').operation('R');
  }

  /** The whole pickle. */
  byte[] end() {
    out.write('.');
    return out.toByteArray();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
