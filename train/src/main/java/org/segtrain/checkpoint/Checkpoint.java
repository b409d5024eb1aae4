package org.segtrain.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.SafeTensors;
import org.segtrain.torchscript.ArrayLists;

/**
 * Named arrays and strings on disk. A file is written beside its place and then moved there, so
 * that being killed at any moment leaves the old one or the new one, whole.
 */
public final class Checkpoint implements AutoCloseable {

  private final Path file;
  private final SafeTensors tensors;

  private Checkpoint(Path file, SafeTensors tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Writes {@code file}, or leaves what was there as it was.
   *
   * @throws DataException if it cannot be written
   */
  public static void write(Path file, Map<String, String> strings, Map<String, NDArray> arrays) {
    Path draft = draft(file);
    try {
      SafeTensors.write(draft, strings, arrays);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(draft);
      throw new DataException(
          "cannot write %s of %d MB where %s MB are free: %s; make room or choose another --out"
              .formatted(file, megabytes(arrays), megabytesFree(file), reason(e)),
          e);
    }
    forceFolder(file.toAbsolutePath().getParent());
  }

  /** Where {@link #write} keeps a file that is not whole yet. */
  public static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  /**
   * Opens a file and checks that it is whole.
   *
   * @throws DataException if it is missing, cannot be read, or is broken
   */
  public static Checkpoint open(Path file) {
    try {
      return new Checkpoint(file, SafeTensors.open(file));
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, reason(e)), e);
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /**
   * The string of that name.
   *
   * @throws DataException if there is none
   */
  public String string(String name) {
    String value = tensors.metadata().get(name);
    if (value == null) {
      throw new DataException(
          "%s has no entry \"%s\", so it is no checkpoint of segtrain".formatted(file, name));
    }
    return value;
  }

  /** The names of the arrays. */
  public Set<String> names() {
    return tensors.shapes().keySet();
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
    Map<String, Shape> shapes = tensors.shapes();
    targets.forEach(
        (name, target) -> {
          Shape shape = shapes.get(name);
          if (!target.getShape().equals(shape)) {
            throw new DataException(
                "%s has %s of shape %s, but the model needs %s"
                    .formatted(file, name, shape == null ? "none" : shape, target.getShape()));
          }
        });
    targets.forEach(this::load);
  }

  private void load(String name, NDArray target) {
    try (NDManager scope = target.getManager().newSubManager()) {
      NDArray stored = tensors.read(scope, name);
      ArrayLists.copy(List.of(target), List.of(stored));
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, reason(e)), e);
    }
  }

  @Override
  public void close() {
    try {
      tensors.close();
    } catch (IOException e) {
      throw new DataException("cannot close %s: %s".formatted(file, reason(e)), e);
    }
  }

  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // not every file system lets a folder be forced, and the file is in its place
    }
  }

  private static void discard(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // the failure to write it is what the user must hear of
    }
  }

  private static long megabytes(Map<String, NDArray> arrays) {
    long bytes = 0;
    for (NDArray array : arrays.values()) {
      bytes += array.size() * array.getDataType().getNumOfBytes();
    }
    return bytes >> 20;
  }

  private static String megabytesFree(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return String.valueOf(Files.getFileStore(folder).getUsableSpace() >> 20);
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    } else if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e.getMessage();
  }
}
