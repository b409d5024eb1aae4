package org.segtrain.augment;

import org.segtrain.data.Picture;
import org.segtrain.errors.DataException;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;

/**
 * How photographs get a size at which a model is evaluated.
 *
 * @param size that of an exported model too
 * @param ratio factor of that size, before its edges are rounded: of its edges, which are rounded
 *     down as MMSegmentation 0.x does, or of the photograph's own
 * @param mirrored whether left and right are exchanged
 */
public record Fitting(InputSize size, double ratio, boolean mirrored) {

  /** At that size, the right way round. */
  public static Fitting of(InputSize size) {
    return new Fitting(size, 1, false);
  }

  /** The photograph at that size. */
  public Fitted apply(Picture picture) {
    PixelSize scaled = scaled(new PixelSize(picture.width(), picture.height()));
    requireRoom(picture, size.whole(scaled));
    Picture resized = Frame.of(scaled).resize(picture);
    Frame whole = Frame.of(size.whole(scaled));
    return size.padded()
        ? new Fitted(whole.pad(turned(resized)), scaled.width(), scaled.height())
        : Fitted.whole(turned(whole.resize(resized)));
  }

  /** What a photograph of that size is resized to, before its edges are rounded up. */
  public PixelSize scaled(PixelSize photograph) {
    if (ratio == 1) {
      return size.scaled(photograph);
    } else if (size.shortEdge() > 0) {
      return size.times(ratio).scaled(photograph);
    }
    PixelSize whole = size.scaled(photograph);
    return Frame.scaled(whole.width(), whole.height(), ratio).size();
  }

  /** Refuses what is larger than the heap holds, before it is made. */
  private static void requireRoom(Picture picture, PixelSize to) {
    long bytes = 3L * to.width() * to.height();
    long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2);
    if (bytes > most && 3L * picture.width() * picture.height() < bytes) {
      throw new DataException(
          "evaluation.size and evaluation.scales make %d x %d of an image of %d x %d, which takes %d MiB where %d are for it; lower them"
              .formatted(
                  to.width(),
                  to.height(),
                  picture.width(),
                  picture.height(),
                  bytes >> 20,
                  most >> 20));
    }
  }

  private Picture turned(Picture picture) {
    return mirrored ? picture.mirrored() : picture;
  }
}
