package org.segtrain.page.internal;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segtrain.data.Picture;
import org.segtrain.data.internal.Pixels;

/** Small pictures. */
public final class Thumbnail {

  private Thumbnail() {}

  /** The picture, with sides of at most {@code most} pixels. */
  public static BufferedImage of(Picture picture, int most) {
    double scale = Math.min(1, most / (double) Math.max(picture.width(), picture.height()));
    int width = Math.max(1, (int) Math.round(scale * picture.width()));
    int height = Math.max(1, (int) Math.round(scale * picture.height()));
    BufferedImage whole = Pixels.image(picture);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    Image averaged = whole.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    graphics.drawImage(scale < 1 ? averaged : whole, 0, 0, null);
    graphics.dispose();
    return small;
  }

  /** A JPEG as an address that holds it. */
  public static String address(BufferedImage image) {
    return address(image, "jpeg");
  }

  /** The same as PNG, for pictures of few colours. */
  public static String exact(BufferedImage image) {
    return address(image, "png");
  }

  private static String address(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) { // no file between
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer of %s for %s".formatted(format, image));
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return "data:image/%s;base64,%s"
        .formatted(format, Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }
}
