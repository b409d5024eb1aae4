package org.segtrain.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;
import org.tensorflow.util.Event;

/**
 * Events in a file of TFRecord frames: the length of each in 8 bytes, its check sum, the event, its
 * check sum. A file that is cut off is whole up to there, and TensorBoard reads on when more comes.
 */
final class EventFile {

  private static final String VERSION = "brain.Event:2";
  private static final int FRAME = Long.BYTES + 2 * Integer.BYTES; // beside the event
  private static final int MASK = 0xA282EAD8; // TensorFlow's, so that sums of sums are not alike

  private final Path file;

  /**
   * Begins one.
   *
   * @param dir of the events of a run
   * @param started seconds since 1970, by which TensorBoard orders files
   * @throws DataException if it cannot be written
   */
  EventFile(Path dir, double started) {
    String name =
        "events.out.tfevents.%d.segtrain.%d"
            .formatted((long) started, ProcessHandle.current().pid());
    this.file = free(dir.resolve(name));
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw failure(e);
    }
    add(Event.newBuilder().setWallTime(started).setFileVersion(VERSION).build());
  }

  /** That name, or the first with a number that no file has. */
  private static Path free(Path wanted) {
    Path file = wanted;
    for (int i = 2; Files.exists(file); i++) {
      file = wanted.resolveSibling("%s.%d".formatted(wanted.getFileName(), i));
    }
    return file;
  }

  /**
   * Adds an event.
   *
   * @throws DataException if it cannot be written
   */
  void add(Event event) {
    try {
      Draft.append(file, frame(event.toByteArray()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private DataException failure(IOException e) {
    return new DataException("cannot write %s: %s; make room".formatted(file, IoReason.of(e)), e);
  }

  private static byte[] frame(byte[] event) {
    ByteBuffer frame = ByteBuffer.allocate(event.length + FRAME).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(event.length);
    frame.putInt(maskedSum(frame.array(), 0, Long.BYTES));
    frame.put(event);
    frame.putInt(maskedSum(event, 0, event.length));
    return frame.array();
  }

  /** CRC-32C, rotated right by 15 bits, plus a constant, as TensorFlow's crc32c.h has it. */
  static int maskedSum(byte[] bytes, int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
  }
}
