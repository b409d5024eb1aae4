package org.segtrain.data;

import java.io.IOException;
import java.io.InputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image in memory for a decoder that may read on behind its end. TwelveMonkeys' decoder of
 * lossless WebP takes missing bytes for zeros, and a damaged file of 67 bytes names codes without
 * end: so the number of such reads is bounded.
 */
class MemoryStream extends MemoryCacheImageInputStream {

  private static final int MOST = 1 << 12; // reads behind the end

  private int behind;

  MemoryStream(InputStream bytes) {
    super(bytes);
  }

  @Override
  public int read() throws IOException {
    return counted(super.read());
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return counted(super.read(bytes, from, length));
  }

  private int counted(int read) throws IOException {
    if (read < 0 && ++behind > MOST) {
      throw new IOException("truncated");
    }
    return read;
  }
}
