package org.segtrain.tensors;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;
import org.segtrain.errors.DataException;

/**
 * Reads a tensor from a file into the engine's own memory, without a copy in between unless its
 * numbers lie scattered in the file.
 */
final class TensorReader {

  private TensorReader() {}

  static NDArray read(FileBytes file, NDManager manager, String name, StoredTensor tensor) {
    TensorInfo info = tensor.info();
    long bytes = info.shape().size() * info.type().read().getNumOfBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new DataException(
          "%s of %s takes %d bytes, more than the 2 GB of the largest array; split it"
              .formatted(name, file.file(), bytes));
    }
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      NDArray array = host.create(info.shape(), info.type().read());
      if (bytes > 0) {
        fill(array.toByteBuffer(true), file, tensor);
      }
      NDArray placed = array.toDevice(manager.getDevice(), false);
      placed.attach(manager);
      return placed;
    }
  }

  /** Numbers of 16 bits are read into the second half of the memory and widened forwards. */
  private static void fill(ByteBuffer memory, FileBytes file, StoredTensor tensor) {
    ElementType type = tensor.info().type();
    long size = tensor.info().shape().size();
    int start = memory.capacity() - (int) (size * type.bytes());
    ByteBuffer numbers = memory.slice(start, memory.capacity() - start);
    if (tensor.isContiguous()) {
      file.fill(numbers, tensor.position());
    } else {
      gather(numbers, file, tensor);
    }
    swap(numbers.clear(), type.bytes(), tensor.order());
    if (start > 0) {
      widen(memory, start, type);
    }
  }

  private static void gather(ByteBuffer into, FileBytes file, StoredTensor tensor) {
    int bytes = tensor.info().type().bytes();
    long[] sizes = tensor.info().shape().getShape();
    long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
    long span = MemorySpans.span(LongStream.of(sizes).boxed().toList(), tensor.strides());
    ByteBuffer stored = file.map(tensor.position(), span * bytes);
    long[] index = new long[sizes.length];
    long at = 0;
    while (into.hasRemaining()) {
      into.put(into.position(), stored, (int) at * bytes, bytes);
      into.position(into.position() + bytes);
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        at -= sizes[axis] * strides[axis];
        index[axis] = 0;
      }
    }
  }

  private static void swap(ByteBuffer numbers, int bytes, ByteOrder order) {
    if (order == ByteOrder.nativeOrder()) {
      return;
    }
    for (int at = 0; at < numbers.capacity(); at += bytes) {
      for (int low = at, high = at + bytes - 1; low < high; low++, high--) {
        byte kept = numbers.get(low);
        numbers.put(low, numbers.get(high));
        numbers.put(high, kept);
      }
    }
  }

  private static void widen(ByteBuffer memory, int start, ElementType type) {
    for (int from = start, to = 0; to < memory.capacity(); from += 2, to += 4) {
      short number = memory.getShort(from);
      switch (type) {
        case F16 -> memory.putFloat(to, Halves.half(number));
        case BF16 -> memory.putFloat(to, Halves.bfloat(number));
        default -> memory.putInt(to, number);
      }
    }
  }
}
