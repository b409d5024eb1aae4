package org.segtrain.releases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.segtrain.files.Draft;

/**
 * A file that is not whole yet, {@code NAME.part}, beside its place, and in {@code NAME.part.from}
 * the server's word for the content that it is a part of. Being killed leaves it as it is.
 *
 * @param target the place
 */
record PartFile(Path target) {

  /** The bytes that are here. */
  Path path() {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  private Path origin() {
    return target.resolveSibling(target.getFileName() + ".part.from");
  }

  /** How many bytes can be gone on from: 0 if it is not known what they are a part of. */
  long size() throws IOException {
    return Files.exists(path()) && Files.exists(origin()) ? Files.size(path()) : 0;
  }

  /** What the content was called when this part was begun, a strong ETag or a date. */
  String validator() throws IOException {
    return Files.readString(origin());
  }

  /**
   * Begins anew.
   *
   * @param validator if the server gave one; without, it cannot be gone on from
   */
  void begin(Optional<String> validator) throws IOException {
    delete();
    if (validator.isPresent()) {
      Files.writeString(origin(), validator.get());
    }
    Files.createFile(path());
  }

  void append(byte[] bytes, int count) throws IOException {
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** Puts the whole file into its place. */
  void finish() throws IOException {
    Draft.publish(path(), target);
    Files.deleteIfExists(origin());
  }

  void delete() throws IOException {
    Files.deleteIfExists(path());
    Files.deleteIfExists(origin());
  }
}
