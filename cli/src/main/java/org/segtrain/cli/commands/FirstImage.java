package org.segtrain.cli.commands;

import java.util.Optional;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.images.PixelSize;

/** The image by which a run shows what its images go through. */
final class FirstImage {

  private FirstImage() {}

  /** The size of the first image of a split; empty if it cannot be read, which is told later. */
  static Optional<PixelSize> of(Dataset dataset, Split split) {
    try {
      Sample sample = dataset.read(split, 0);
      return Optional.of(new PixelSize(sample.width(), sample.height()));
    } catch (DataException e) {
      return Optional.empty();
    }
  }
}
