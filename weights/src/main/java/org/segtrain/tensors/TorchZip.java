package org.segtrain.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The form of PyTorch since 1.6: a zip file with a pickle, {@code NAME/data.pkl}, and the bytes of
 * each storage, {@code NAME/data/0}. A TorchScript archive has the same, and code.
 */
final class TorchZip {

  private static final String PICKLE = "data.pkl";
  private static final String CONSTANTS = "constants";

  private final FileBytes file;
  private final ZipContents zip;
  private final Allowance allowance;
  private final String folder;
  private final boolean script;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private TorchZip(FileBytes file) {
    this.file = file;
    this.allowance = new Allowance(file.size());
    this.zip = new ZipContents(file, allowance);
    this.folder = folder();
    this.script = zip.has(folder + CONSTANTS + ".pkl");
  }

  static Contents contents(FileBytes file) {
    TorchZip archive = new TorchZip(file);
    archive.collect("", "data");
    if (archive.script) {
      archive.collect(CONSTANTS, CONSTANTS);
    }
    return new Contents(
        archive.script ? "TorchScript" : "PyTorch", archive.tensors, archive.metadata);
  }

  private String folder() {
    for (String name : zip.names()) {
      if (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/')) {
        return name.substring(0, name.length() - PICKLE.length());
      }
    }
    throw file.broken("it is a zip file without PyTorch's " + PICKLE);
  }

  /** Collects what the pickle of that name holds, under {@code name}. */
  private void collect(String name, String pickle) {
    ByteBuffer program = zip.read(folder + pickle + ".pkl");
    Globals globals = new Globals(file, allowance, script);
    try {
      Object root = PickleMachine.load(program, globals);
      Map<String, Extent> storages = new HashMap<>();
      for (String key : globals.storages().keySet()) {
        String entry = folder + pickle + "/" + key;
        if (zip.has(entry)) {
          storages.put(key, zip.stored(entry));
        }
      }
      ObjectTree tree = new ObjectTree(file, allowance, order(), storages, tensors, metadata);
      tree.collect(name, root);
      tree.refuseHidden(globals);
    } catch (PickleException e) {
      throw file.broken("its pickle " + e.getMessage());
    }
  }

  private ByteOrder order() {
    String record = folder + "byteorder";
    if (!zip.has(record)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String order = StandardCharsets.US_ASCII.decode(zip.read(record)).toString();
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw file.broken("it has neither byte order");
    };
  }
}
