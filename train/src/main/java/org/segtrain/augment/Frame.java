package org.segtrain.augment;

import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.errors.DataException;
import org.segtrain.images.Padding;
import org.segtrain.images.PixelSize;

/** A width and a height in pixels. */
record Frame(int width, int height) {

  private static final int MOST_PIXELS =
      (Integer.MAX_VALUE - 8) / 3; // an array of three bytes each

  Frame {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a frame has at least 1 x 1 pixels, but got %d x %d".formatted(width, height));
    }
  }

  static Frame of(PixelSize size) {
    return new Frame(size.width(), size.height());
  }

  /**
   * The largest size of the same aspect ratio whose edges are at most {@code longEdge} and {@code
   * shortEdge}; rounded as MMCV's {@code imrescale} does.
   */
  static Frame fitting(int width, int height, int longEdge, int shortEdge) {
    double scale =
        Math.min(
            longEdge / (double) Math.max(width, height),
            shortEdge / (double) Math.min(width, height));
    return scaled(width, height, scale);
  }

  /** Both edges times {@code scale}, rounded. */
  static Frame scaled(int width, int height, double scale) {
    return new Frame(
        Math.max(1, (int) (width * scale + 0.5)), Math.max(1, (int) (height * scale + 0.5)));
  }

  PixelSize size() {
    return new PixelSize(width, height);
  }

  /** Pads a picture that is not larger on the right and below. */
  Picture pad(Picture picture) {
    return pad(picture, 0, 0);
  }

  /**
   * Pads a picture that is not larger.
   *
   * @param left pixels to its left
   * @param top pixels above it
   */
  Picture pad(Picture picture, int left, int top) {
    PixelSize from = new PixelSize(picture.width(), picture.height());
    byte[] rgb = Padding.of(picture.rgb(), from, size(), left, top);
    return rgb == picture.rgb() ? picture : new Picture(width, height, rgb);
  }

  /** Resizes linearly. */
  Picture resize(Photograph photograph) {
    if (photograph.width() == width && photograph.height() == height) {
      return photograph.whole();
    }
    return new Picture(width, height, OpenCv.resizeRgb(photograph, this, Interpolation.LINEAR));
  }

  /** Resizes the photograph linearly and its labels to the nearest. */
  Sample resize(Sample sample) {
    return resize(sample, Interpolation.LINEAR);
  }

  /** Refuses to enlarge a photograph beyond the Java heap, before anything is allocated. */
  void requireRoom(String name) {
    long pixels = (long) width * height;
    if (pixels > MOST_PIXELS || 4 * pixels > Runtime.getRuntime().maxMemory() / 2) {
      throw new DataException(
          "%s would be enlarged to %d x %d pixels, which the Java heap does not hold; lower data.maxScale, data.scale or data.crop"
              .formatted(name, width, height));
    }
  }

  /** Whether it is that of the sample. */
  boolean isOf(Sample sample) {
    return sample.width() == width && sample.height() == height;
  }

  /** Resizes the photograph, and its labels to the nearest. */
  Sample resize(Sample sample, Interpolation between) {
    if (isOf(sample)) {
      return sample;
    }
    requireRoom(sample.name());
    return new Sample(
        sample.name(),
        width,
        height,
        OpenCv.resizeRgb(sample.picture(), this, between),
        OpenCv.resizeLabels(sample.labels(), sample.width(), sample.height(), this));
  }
}
