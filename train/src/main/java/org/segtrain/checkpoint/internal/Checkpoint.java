package org.segtrain.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.engine.ArrayLists;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsReader;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TensorFile;
import org.segtrain.tensors.TensorInfo;

/**
 * Named arrays and strings on disk. A file is written beside its place and then moved there. A
 * process killed at any moment leaves the old one or the new one, whole.
 */
public final class Checkpoint implements AutoCloseable {

  private final Path file;
  private final TensorFile tensors;

  private Checkpoint(Path file, TensorFile tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Writes {@code file}, or leaves what was there as it was.
   *
   * @throws DataException if it cannot be written
   */
  public static void write(Path file, Map<String, String> strings, Map<String, NDArray> arrays) {
    SafeTensorsWriter.write(file, strings, arrays, ElementType.F32);
  }

  /**
   * Checks that a file of {@code arrays} has room.
   *
   * @throws DataException if it has not
   */
  static void refuseUnlessRoom(Path file, Collection<NDArray> arrays) {
    long needed = Float.BYTES * arrays.stream().mapToLong(NDArray::size).sum();
    long free;
    try {
      free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
    } catch (IOException e) {
      return; // unknown, so writing will tell
    }
    if (free < needed) {
      throw new DataException(
          "%s needs %d MB where %d MB are free; make room or choose another folder"
              .formatted(file, needed >> 20, free >> 20));
    }
  }

  /**
   * Opens a file and checks that it is whole.
   *
   * @throws DataException if it is missing, cannot be read, or is broken
   */
  public static Checkpoint open(Path file) {
    TensorFile tensors = SafeTensorsReader.open(file);
    if (!tensors.metadata().containsKey(SafeTensorsReader.CHECKSUM)) {
      tensors.close();
      throw new DataException(
          "%s is broken: it has no checksum, so segtrain did not write it; use another checkpoint"
              .formatted(file));
    }
    return new Checkpoint(file, tensors);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The string of that name, or {@code otherwise} if there is none. */
  public String stringOr(String name, String otherwise) {
    return tensors.metadata().getOrDefault(name, otherwise);
  }

  /**
   * The string of that name.
   *
   * @throws DataException if there is none
   */
  public String string(String name) {
    String value = tensors.metadata().get(name);
    if (value == null || name.equals(SafeTensorsReader.CHECKSUM)) {
      throw new DataException(
          "%s has no entry \"%s\", so it is no checkpoint of segtrain".formatted(file, name));
    }
    return value;
  }

  /** The names of the arrays. */
  public Set<String> names() {
    return tensors.tensors().keySet();
  }

  /** Whether there is an array whose name starts so. */
  public boolean has(String prefix) {
    return names().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /**
   * Overwrites each of {@code targets} by the array of its name.
   *
   * @throws DataException if one is missing or has another shape; then nothing is overwritten
   */
  public void load(Map<String, NDArray> targets) {
    targets.forEach(
        (name, target) -> {
          TensorInfo stored = tensors.tensors().get(name);
          if (stored == null) {
            throw new DataException(
                "%s is of another model: it has no %s, which this one needs".formatted(file, name));
          }
          if (!target.getShape().equals(stored.shape())) {
            throw new DataException(
                "%s is of another model: its %s has the shape %s, but this one needs %s"
                    .formatted(file, name, stored.shape(), target.getShape()));
          }
        });
    targets.forEach(this::load);
  }

  private void load(String name, NDArray target) {
    try (NDManager scope = target.getManager().newSubManager()) {
      NDArray stored = tensors.read(scope, name);
      ArrayLists.copy(List.of(target), List.of(stored));
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
