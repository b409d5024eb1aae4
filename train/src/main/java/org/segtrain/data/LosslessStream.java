package org.segtrain.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * A lossless WebP with bytes behind its pixels, that notices whether its decoder takes any of those
 * for pixels. TwelveMonkeys' decoder holds eight bytes. For each byte that it has used up it seeks
 * to the first of them. At the end of a file it takes the last ones again and again.
 */
final class LosslessStream extends MemoryStream {

  private static final int AHEAD = 2 * Long.BYTES;

  private final long end;
  private boolean isPassed;

  /**
   * Of a file whose pixels are its last part.
   *
   * @param end where they end
   */
  LosslessStream(byte[] bytes, int end) {
    super(padded(bytes, end));
    this.end = end;
  }

  private static InputStream padded(byte[] bytes, int end) {
    return new SequenceInputStream(
        new ByteArrayInputStream(bytes, 0, end), new ByteArrayInputStream(new byte[AHEAD]));
  }

  @Override
  public void seek(long place) throws IOException {
    isPassed |= place > end;
    super.seek(place);
  }

  /** Whether pixels are missing: a byte or more. */
  boolean isPassed() {
    return isPassed;
  }
}
