package org.segtrain.data;

import java.nio.file.Path;
import org.segtrain.data.internal.PhotographFacts;
import org.segtrain.errors.DataException;

/** Whether an image fits into the Java heap, decided before anything of its size is allocated. */
final class Room {

  private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // of an array

  private static final long MOST_PIXELS = MOST_BYTES / 3; // an array of three bytes each

  private static final long GIB = 1L << 30;

  private Room() {}

  /**
   * Refuses an image that is too large.
   *
   * @throws DataException if it is
   */
  static void require(Path file, long width, long height) {
    require(file, width, height, Runtime.getRuntime().maxMemory());
  }

  static void require(Path file, long width, long height, long heap) {
    if (width < 1 || height < 1) {
      throw new DataException(
          "%s says that it is %d x %d pixels; replace it or take it out"
              .formatted(file, width, height));
    }
    if (width > MOST_PIXELS / height) {
      throw new DataException(
          "%s is %d x %d pixels, but at most %d million are read; cut it into tiles"
              .formatted(file, width, height, MOST_PIXELS / 1_000_000));
    }
    if (width * height * PhotographFacts.BYTES_PER_PIXEL > heap / 5 * 4) {
      throw tooLarge(file, width, height, heap);
    }
  }

  /**
   * Bytes of the heap that reading one image whole may take where it can be read by parts too: an
   * eighth of the heap, since two more are read ahead.
   */
  static long largest() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /**
   * Refuses an image that has more pixels than a class map of a byte each can have.
   *
   * @throws DataException if it has
   */
  static void requirePixels(Path file, long width, long height) {
    if (width > MOST_BYTES / Math.max(1, height)) {
      throw new DataException(
          "%s is %d x %d pixels, but at most %d million are read by parts; cut it into tiles"
              .formatted(file, width, height, MOST_BYTES / 1_000_000));
    }
  }

  /**
   * Refuses an image of which the heap does not hold some rows: decoders have the one before, too.
   *
   * @throws DataException if it is such a one
   */
  static void requireRows(Path file, Extent size) {
    long rows = 4L * size.width() * PhotographFacts.BYTES_PER_PIXEL;
    requireHeap(file, size, "of which a few rows", rows, Runtime.getRuntime().maxMemory() / 5 * 4);
  }

  /**
   * Refuses a mask whose labels, an array of a byte each, the heap does not hold: its old
   * generation may be two thirds of it.
   *
   * @throws DataException if it is such a one
   */
  static void requireLabels(Path file, Extent size) {
    long labels = (long) size.width() * size.height();
    requireHeap(file, size, "whose labels", labels, Runtime.getRuntime().maxMemory() / 5 * 3);
  }

  private static void requireHeap(Path file, Extent size, String what, long need, long most) {
    if (need > most) {
      double heap = Runtime.getRuntime().maxMemory();
      throw new DataException(
          "%s is %s pixels, %s take %.1f GiB of the Java heap, but that may grow to %.1f GiB; let it grow (-Xmx%dg), or cut the image into tiles"
              .formatted(file, size, what, need / (double) GIB, heap / GIB, 2 * need / GIB + 1));
    }
  }

  /** How much of the heap reading an image of that size takes. */
  static long bytes(Extent size) {
    return (long) size.width() * size.height() * PhotographFacts.BYTES_PER_PIXEL;
  }

  /** Refuses a file of too many bytes. */
  static void requireFile(Path file, long bytes) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > Math.min(Integer.MAX_VALUE - 8, heap / 2)) {
      throw new DataException(
          ("%s has %d MiB, but files are read whole, into a Java heap of %d MiB; let it grow"
                  + " (-Xmx%dg), or cut the image into tiles")
              .formatted(file, bytes >> 20, heap >> 20, 4 * bytes / GIB + 1));
    }
  }

  /** The sentence for an image for which there is no memory. */
  static DataException tooLarge(Path file, long width, long height, long heap) {
    long need = width * height * PhotographFacts.BYTES_PER_PIXEL;
    long enough = Math.max(need / 4 * 5, heap) / GIB + 1;
    return new DataException(
        ("%s is %d x %d pixels, which take %.1f GiB of the Java heap, but that may grow to %.1f GiB;"
                + " let it grow (-Xmx%dg), or cut the image into tiles")
            .formatted(file, width, height, need / (double) GIB, heap / (double) GIB, enough));
  }
}
