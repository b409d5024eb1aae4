package org.segtrain.serving;

import ai.djl.ndarray.BytesSupplier;
import ai.djl.translate.TranslateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.segtrain.images.Arguments;

/**
 * The requests that a server accepts: the content of an image file of a bounded size.
 *
 * @param maxPixels that an image may have; decoding needs a dozen bytes for each
 */
record Requests(long maxPixels) {

  /** The property with the most pixels of an image. */
  static final String MAX_PIXELS = "maxPixels";

  private static final long USUAL = 100_000_000;

  /** As {@code serving.properties} say. */
  static Requests of(Arguments arguments) {
    String given = arguments.text(MAX_PIXELS, String.valueOf(USUAL));
    if (!given.matches("[1-9]\\d{0,17}")) {
      throw new IllegalArgumentException(
          "%s must be a number of pixels, but is \"%s\"".formatted(MAX_PIXELS, given));
    }
    return new Requests(Long.parseLong(given));
  }

  /**
   * Looks at the header of an image before it is decoded.
   *
   * @throws TranslateException if there is none, or it says more pixels
   */
  void check(BytesSupplier content) throws TranslateException {
    byte[] bytes = content == null ? new byte[0] : content.getAsBytes();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new TranslateException(
            "a request is the content of an image file, but this is of no known form");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        check(reader.getWidth(0), reader.getHeight(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw new TranslateException("the header of the image is damaged: " + e.getMessage(), e);
    }
  }

  private void check(int width, int height) throws TranslateException {
    if ((long) width * height > maxPixels) {
      throw new TranslateException(
          "an image of %d x %d pixels is too large for this server, which reads %d pixels (%s in serving.properties)"
              .formatted(width, height, maxPixels, MAX_PIXELS));
    }
  }
}
