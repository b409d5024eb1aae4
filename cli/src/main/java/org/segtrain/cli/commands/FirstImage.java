package org.segtrain.cli.commands;

import java.util.Optional;
import org.segtrain.data.Dataset;
import org.segtrain.data.Photograph;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.images.PixelSize;

/** The image by which a run shows the steps of preparation. */
final class FirstImage {

  private FirstImage() {}

  /** The size of the first image of a split; empty if it cannot be read, which is told later. */
  static Optional<PixelSize> of(Dataset dataset, Split split) {
    try {
      Photograph first =
          dataset instanceof SkippingDataset readable
              ? readable.read(split, 0).photograph() // or another in its place
              : dataset.open(split, 0).photograph();
      return Optional.of(new PixelSize(first.width(), first.height()));
    } catch (DataException e) {
      return Optional.empty();
    }
  }
}
