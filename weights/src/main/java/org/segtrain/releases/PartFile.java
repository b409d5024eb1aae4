package org.segtrain.releases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;

/**
 * A file that is not whole yet, {@code NAME.part}, beside its place. {@code NAME.part.from} has the
 * server's validator of the whole content, or nothing if it gave none. Being killed leaves it as it
 * is.
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

  /** How many bytes a download can resume from: 0 if their source is not known. */
  long size() throws IOException {
    boolean known = Files.exists(path()) && Files.exists(origin()) && isValidator(validator());
    return known ? Files.size(path()) : 0;
  }

  /** The validator of the content when this part was begun, a strong ETag or a date. */
  String validator() throws IOException {
    return Files.readString(origin(), StandardCharsets.ISO_8859_1);
  }

  /** Whether a request can carry it: the file may have been damaged. */
  static boolean isValidator(String text) {
    return text.matches("[\\x20-\\x7e]+");
  }

  /**
   * Begins anew.
   *
   * @param validator if the server gave one; without, it cannot be gone on from
   * @throws DataException if a file of that name is there that is no part of a download of ours
   */
  void begin(Optional<String> validator) throws IOException {
    if (Files.exists(path()) && !isOurs()) {
      throw new DataException(
          "%s is there and is no part that segtrain fetched; move it away, or name another folder"
              .formatted(path()));
    }
    delete();
    Files.writeString(origin(), validator.orElse(""), StandardCharsets.ISO_8859_1);
    Files.createFile(path());
  }

  /** Whether an unfinished download of segtrain left the file or its part here. */
  boolean isOurs() {
    return Files.exists(origin());
  }

  /**
   * Checks that the file has room.
   *
   * @param total bytes of it, or a negative number
   * @throws DataException if it has not
   */
  void refuseUnlessRoom(long total) throws IOException {
    long need = total - Files.size(path());
    long room = Files.getFileStore(path().toAbsolutePath().getParent()).getUsableSpace();
    if (need > room) {
      throw new DataException(
          "%s needs %d MB more where %d MB are free; make room, or name another folder"
              .formatted(target, need >> 20, room >> 20));
    }
  }

  void append(byte[] bytes, int count) throws IOException {
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** Puts the whole file into its place; it stays {@linkplain #isOurs ours} until the end. */
  void place() throws IOException {
    Draft.publish(path(), target);
  }

  /** Puts the whole file into its place, which is the end. */
  void finish() throws IOException {
    place();
    Files.deleteIfExists(origin());
  }

  void delete() throws IOException {
    Files.deleteIfExists(path());
    Files.deleteIfExists(origin());
  }
}
