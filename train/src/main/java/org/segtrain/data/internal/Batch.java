package org.segtrain.data.internal;

import java.util.List;
import org.segtrain.data.Sample;

/**
 * Samples of one size, side by side.
 *
 * @param images {@code B*H*W*3} bytes, red first
 * @param labels {@code B*H*W} bytes: classes, or {@link Sample#VOID}
 * @param files what to call each sample in messages
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record Batch(
    int size, int height, int width, byte[] images, byte[] labels, List<String> files) {

  public Batch {
    files = List.copyOf(files);
    long pixels = (long) size * height * width;
    if (size < 1 || images.length != 3 * pixels || labels.length != pixels) {
      throw new IllegalArgumentException(
          "a batch of %d x %d x %d has %d labels and %d colour bytes, but got %d and %d"
              .formatted(size, height, width, pixels, 3 * pixels, labels.length, images.length));
    }
    if (files.size() != size) {
      throw new IllegalArgumentException(
          "a batch of %d samples names %d files".formatted(size, files.size()));
    }
  }

  /** Puts samples of one size side by side. */
  public static Batch of(List<Sample> samples, List<String> files) {
    int height = samples.get(0).height();
    int width = samples.get(0).width();
    int pixels = height * width;
    byte[] images = new byte[Math.multiplyExact(3 * pixels, samples.size())];
    byte[] labels = new byte[pixels * samples.size()];
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      if (sample.width() != width || sample.height() != height) {
        throw new IllegalArgumentException(
            "a batch has one size, but %s is %d x %d and %s is %d x %d"
                .formatted(
                    files.get(0), width, height, files.get(i), sample.width(), sample.height()));
      }
      System.arraycopy(sample.rgb(), 0, images, 3 * pixels * i, 3 * pixels);
      System.arraycopy(sample.labels(), 0, labels, pixels * i, pixels);
    }
    return new Batch(samples.size(), height, width, images, labels, files);
  }
}
