package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A file whose contents are known and whose numbers are read when they are wanted. */
final class OpenTensorFile implements TensorFile {

  private final FileBytes file;
  private final Contents contents;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  OpenTensorFile(FileBytes file, Contents contents) {
    this.file = file;
    this.contents = contents;
    contents.tensors().forEach((name, tensor) -> tensors.put(name, tensor.info()));
  }

  @Override
  public Path file() {
    return file.file();
  }

  @Override
  public String format() {
    return contents.format();
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(contents.metadata());
  }

  @Override
  public NDArray read(NDManager manager, String name) {
    StoredTensor tensor = contents.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("%s has no tensor %s".formatted(file.file(), name));
    }
    return TensorReader.read(file, manager, name, tensor);
  }

  @Override
  public void close() {
    file.close();
  }
}
