package org.segtrain.tensors;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.Counted;

/**
 * The form of PyTorch before 1.6: five pickles, then the size and the bytes of each storage. The
 * pickles are a mark, the version of the form, the machine, the object, and the keys of its
 * storages.
 */
final class LegacyTorch {

  /** The first bytes, as Latin-1: the pickle of the mark. */
  static final String START = "\u0080\2\u008a\12l\u00fc\u009cF\u00f9 j\u00a8P\31.";

  private static final int MOST_PICKLED = 64 << 20;
  private static final BigInteger MARK = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private LegacyTorch() {}

  static Contents contents(FileBytes file) {
    ByteBuffer in = file.map(0, Math.min(file.size(), MOST_PICKLED));
    Allowance allowance = new Allowance(file.size());
    Globals globals = new Globals(file, allowance, false);
    try {
      if (!MARK.equals(PickleMachine.load(in, globals))
          || !Long.valueOf(VERSION).equals(PickleMachine.load(in, globals))) {
        throw file.broken("it has only the start of a file of PyTorch");
      }
      PickleMachine.load(in, globals); // the sizes of C's types there
      Object root = PickleMachine.load(in, globals);
      Object keys = PickleMachine.load(in, globals);
      if (!(keys instanceof List<?> list)) {
        throw file.broken("it has no list of its storages");
      }
      Map<String, Extent> storages = storages(file, in.position(), list, globals.storages());
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      ObjectTree tree =
          new ObjectTree(file, allowance, ByteOrder.LITTLE_ENDIAN, storages, tensors, metadata);
      tree.collect("", root);
      tree.refuseHidden(globals);
      return new Contents("PyTorch, as before 1.6", tensors, metadata);
    } catch (PickleException e) {
      throw file.broken("its pickle " + e.getMessage());
    }
  }

  private static Map<String, Extent> storages(
      FileBytes file, long start, List<?> keys, Map<String, Pickled.Storage> known) {
    Map<String, Extent> storages = new LinkedHashMap<>();
    long position = start;
    for (Object key : keys) {
      Pickled.Storage storage = key instanceof String ? known.get(key) : null;
      long size = file.read(position, Long.BYTES).getLong();
      if (storage == null || size != storage.size()) {
        throw file.broken(
            "a storage has %s that nothing refers to".formatted(Counted.of(size, "number")));
      }
      long bytes = MemorySpans.bytes(List.of(size), storage.type());
      file.requireWithin(position + Long.BYTES, bytes);
      storages.put((String) key, new Extent(position + Long.BYTES, bytes));
      position += Long.BYTES + bytes;
    }
    return storages;
  }
}
