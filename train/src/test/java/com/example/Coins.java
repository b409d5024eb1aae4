package com.example;

import ai.djl.basicdataset.cv.ImageDataset;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;

/** A data set of a user of DJL: photographs of a coin on a table, drawn here, and its mask. */
final class Coins extends ImageDataset {

  private static final int SIDE = 48;

  private final int first;
  private final int count;

  /** Coins from number {@code first} on. */
  Coins(int first, int count) {
    super(new Builder().setSampling(1, false));
    this.first = first;
    this.count = count;
  }

  @Override
  public Record get(NDManager manager, long index) throws IOException {
    long[] mask = new long[SIDE * SIDE];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = isCoin(index, i % SIDE, i / SIDE) ? 1 : 0;
    }
    NDArray labels = manager.create(mask, new Shape(SIDE, SIDE));
    return new Record(new NDList(getRecordImage(manager, index)), new NDList(labels));
  }

  @Override
  protected Image getImage(long index) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      boolean coin = isCoin(index, i % SIDE, i / SIDE);
      Color colour = coin ? new Color(200, 160, 40) : new Color(90, 70, 60);
      image.setRGB(i % SIDE, i / SIDE, colour.getRGB() + (i * 7 + (int) index) % 16 * 0x010101);
    }
    return ImageFactory.getInstance().fromImage(image);
  }

  private boolean isCoin(long index, int x, int y) {
    Random random = new Random(first + index);
    double dx = x - SIDE * (0.3 + 0.4 * random.nextDouble());
    double dy = y - SIDE * (0.3 + 0.4 * random.nextDouble());
    return Math.hypot(dx, dy) < SIDE * 0.3;
  }

  @Override
  public Optional<Integer> getImageWidth() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> getImageHeight() {
    return Optional.empty();
  }

  @Override
  protected long availableSize() {
    return count;
  }

  @Override
  public void prepare(Progress progress) {}

  private static final class Builder extends BaseBuilder<Builder> {
    @Override
    protected Builder self() {
      return this;
    }
  }
}
