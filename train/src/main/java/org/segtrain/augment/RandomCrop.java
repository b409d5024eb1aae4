package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Cuts out a random square, drawn again while one class fills too much of it; samples smaller than
 * the square keep their size on that side.
 *
 * @param size edge in pixels
 * @param maxClassShare the commonest class must stay below this fraction of the labelled pixels
 * @param tries squares examined before one is taken unseen
 */
record RandomCrop(ImageSize size, double maxClassShare, int tries) implements Augmentation {

  private record Corner(int left, int top) {}

  RandomCrop {
    if (!(maxClassShare > 0 && maxClassShare <= 1) || tries < 0) {
      throw new IllegalArgumentException(
          "the largest class share must be in 0-1 and tries not negative, but got %s and %d"
              .formatted(maxClassShare, tries));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    int width = Math.min(size.width(), sample.width());
    int height = Math.min(size.height(), sample.height());
    Corner corner = draw(sample, random);
    for (int i = 0; i < tries && !isVaried(sample, corner, width, height); i++) {
      corner = draw(sample, random);
    }
    return cut(sample, corner, width, height);
  }

  private Corner draw(Sample sample, RandomGenerator random) {
    int top = random.nextInt(Math.max(sample.height() - size.height(), 0) + 1);
    int left = random.nextInt(Math.max(sample.width() - size.width(), 0) + 1);
    return new Corner(left, top);
  }

  private boolean isVaried(Sample sample, Corner corner, int width, int height) {
    int[] count = new int[256];
    for (int y = corner.top; y < corner.top + height; y++) {
      int row = y * sample.width() + corner.left;
      for (int i = row; i < row + width; i++) {
        count[sample.labels()[i] & 0xFF]++;
      }
    }
    int labelled = width * height - count[Sample.VOID];
    int most = 0;
    for (int k = 0; k < Sample.VOID; k++) {
      most = Math.max(most, count[k]);
    }
    return most < labelled && most < maxClassShare * labelled;
  }

  private static Sample cut(Sample sample, Corner corner, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    byte[] labels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      int from = (corner.top + y) * sample.width() + corner.left;
      System.arraycopy(sample.rgb(), 3 * from, rgb, 3 * y * width, 3 * width);
      System.arraycopy(sample.labels(), from, labels, y * width, width);
    }
    return new Sample(sample.name(), width, height, rgb, labels);
  }
}
