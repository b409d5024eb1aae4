package org.segtrain.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A photograph that is too large for the memory. Its pixels are read by bands of rows, of which it
 * keeps the last.
 */
final class StoredPhotograph implements Photograph {

  private final ImageParts parts;
  private final Orientation orientation;
  private final Extent size;
  private Picture band;
  private int bandTop;

  StoredPhotograph(ImageParts parts) {
    this.parts = parts;
    this.orientation = Orientation.of(parts.file());
    this.size = orientation.isTransposed() ? parts.size().turned() : parts.size();
  }

  /** The photograph in {@code file}, if it is too large for the memory and can be read by parts. */
  static Optional<Photograph> of(Path file) {
    return ImageParts.of(file).map(StoredPhotograph::new);
  }

  @Override
  public int width() {
    return size.width();
  }

  @Override
  public int height() {
    return size.height();
  }

  @Override
  public Picture part(int left, int top, int width, int height) {
    if (band == null || top < bandTop || top + height > bandTop + band.height()) {
      band = null; // before there is another
      int rows = Math.min(size.height() - top, Math.max(height, parts.rows(size.width())));
      band = orientation.upright(parts.rgb(orientation.stored(top, rows, size)));
      bandTop = top;
    }
    return band.part(left, top - bandTop, width, height);
  }

  @Override
  public Picture whole() {
    return ImageFiles.readRgb(parts.file());
  }
}
