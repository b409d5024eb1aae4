package org.segtrain.augment;

import org.segtrain.data.Photograph;
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
  public Fitted apply(Photograph photograph) {
    PixelSize scaled = scaled(new PixelSize(photograph.width(), photograph.height()));
    requireRoom(photograph, size.whole(scaled));
    Picture resized = Frame.of(scaled).resize(photograph);
    Frame whole = Frame.of(size.whole(scaled));
    return size.padded()
        ? new Fitted(whole.pad(turned(resized)), scaled.width(), scaled.height())
        : Fitted.whole(turned(whole.resize(resized)));
  }

  /** The size at which a photograph of that size is read, with padding. */
  public PixelSize whole(PixelSize photograph) {
    return size.whole(scaled(photograph));
  }

  /** The size that a photograph of that size is resized to, before its edges are rounded up. */
  public PixelSize scaled(PixelSize photograph) {
    if (ratio == 1) {
      return size.scaled(photograph);
    } else if (size.shortEdge() > 0) {
      return size.times(ratio).scaled(photograph);
    }
    PixelSize whole = size.scaled(photograph);
    return Frame.scaled(whole.width(), whole.height(), ratio).size();
  }

  /** Refuses a picture that the heap does not hold, before it is made. */
  private static void requireRoom(Photograph photograph, PixelSize to) {
    long bytes = 3 * to.pixels();
    long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2);
    if (bytes > most) {
      throw new DataException(
          ("evaluation.size and evaluation.scales make %d x %d pixels of an image of %d x %d,"
                  + " which take %d MiB of the %d available; lower them")
              .formatted(
                  to.width(),
                  to.height(),
                  photograph.width(),
                  photograph.height(),
                  bytes >> 20,
                  most >> 20));
    }
  }

  private Picture turned(Picture picture) {
    return mirrored ? picture.mirrored() : picture;
  }
}
