package org.segtrain.data.internal;

/**
 * The facts from one reading of a photograph.
 *
 * @param width as it was seen, pixels
 * @param height as it was seen, pixels
 * @param orientation how the camera was held, as EXIF numbers it, 1 (upright) to 8
 * @param sum SHA-256 of its size and pixels, hexadecimal
 * @param greys mean brightness, 0-255, of the cells of a grid of 9 x 8 over it, two hexadecimal
 *     digits each, row by row
 */
public record PhotographFacts(int width, int height, int orientation, String sum, String greys) {

  /** A decoded pixel of four bytes, its red, green and blue, these turned upright, and the mask. */
  public static final int BYTES_PER_PIXEL = 12;

  /** Bytes of the Java heap that reading it takes. */
  public long bytesToRead() {
    return (long) width * height * BYTES_PER_PIXEL;
  }

  /** Whether width and height are those of the stored pixels the other way round. */
  public boolean isTransposed() {
    return orientation >= 5;
  }
}
