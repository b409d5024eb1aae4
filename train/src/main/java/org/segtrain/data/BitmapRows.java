package org.segtrain.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.segtrain.errors.Counted;

/**
 * The rows of a bitmap (Windows' BITMAPCOREHEADER and BITMAPINFOHEADER), plain or in runs. ImageIO
 * leaves pixels black that are missing from runs.
 */
final class BitmapRows {

  private static final int HEADER = 34; // as much of a file as is looked at
  private static final int RUNS_OF_BYTES = 1; // BI_RLE8
  private static final int RUNS_OF_HALVES = 2; // BI_RLE4
  private static final int FIELDS = 3; // BI_BITFIELDS, which are plain

  private final byte[] bytes;
  private final ByteBuffer in;
  private final boolean isCore;

  private BitmapRows(byte[] bytes) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.isCore = in.getInt(14) < 40;
  }

  /** Refuses a bitmap that lacks rows. */
  static void require(Path file, byte[] bytes) {
    if (bytes.length < HEADER) {
      throw Decoding.damaged(file, "truncated after " + Counted.of(bytes.length, "byte"), null);
    }
    BitmapRows rows = new BitmapRows(bytes);
    int compression = rows.isCore ? 0 : rows.in.getInt(30);
    if (compression == RUNS_OF_BYTES || compression == RUNS_OF_HALVES) {
      long there = rows.inRuns(compression == RUNS_OF_BYTES ? 1 : 2);
      if (there < rows.height()) {
        String why = "%d of %s are there".formatted(there, Counted.of(rows.height(), "row"));
        throw Decoding.damaged(file, why, null);
      }
    } else if (compression == 0 || compression == FIELDS) {
      Containers.requireLength(file, bytes, rows.plainEnd());
    }
  }

  private long width() {
    return isCore ? in.getShort(18) & 0xFFFF : Math.abs((long) in.getInt(18));
  }

  private long height() {
    return isCore ? in.getShort(20) & 0xFFFF : Math.abs((long) in.getInt(22));
  }

  private long begin() {
    return Integer.toUnsignedLong(in.getInt(10));
  }

  private long plainEnd() {
    int bits = in.getShort(isCore ? 24 : 28) & 0xFFFF;
    return begin() + (width() * bits + 31) / 32 * 4 * height();
  }

  /**
   * How many rows the runs reach through. Rows that they skip are meant to be empty.
   *
   * @param packed pixels in a byte
   */
  private long inRuns(int packed) {
    long said = bytes.length < HEADER + 4 ? 0 : Integer.toUnsignedLong(in.getInt(HEADER));
    int end = (int) Math.min(bytes.length, said == 0 ? Long.MAX_VALUE : begin() + said);
    int at = (int) Math.min(end, begin());
    long x = 0;
    long y = 0;
    while (at + 2 <= end) {
      int count = bytes[at] & 0xFF;
      int sign = bytes[at + 1] & 0xFF;
      at += 2;
      if (count > 0) { // a run
        x += count;
      } else if (sign == 0) { // the end of a row
        x = 0;
        y++;
      } else if (sign == 1) { // the end of all
        break;
      } else if (sign == 2 && at + 2 <= end) { // a leap
        x += bytes[at] & 0xFF;
        y += bytes[at + 1] & 0xFF;
        at += 2;
      } else if (sign > 2) { // pixels one by one, in pairs of bytes
        int length = (sign + packed - 1) / packed;
        x += at + length <= end ? sign : 0;
        at += length + length % 2;
      }
    }
    return Math.min(height(), y + (x >= width() ? 1 : 0));
  }
}
