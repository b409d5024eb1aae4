package org.segtrain.augment;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.images.Normalization;

/** The few operations that are OpenCV's, on plain byte arrays. */
final class OpenCv {

  private static final int COPIED = 32 << 20; // bytes at a time

  private OpenCv() {}

  /** {@code H*W*3 -> H'*W'*3}. Of one that is read by parts the pixels are outside of the heap. */
  static byte[] resizeRgb(Photograph photograph, Frame to, Interpolation between) {
    int width = photograph.width();
    int height = photograph.height();
    int most = photograph instanceof Picture ? height : Math.max(1, COPIED / (3 * width));
    Size size = new Size(to.width(), to.height());
    return changed(
        from -> {
          for (int top = 0; top < height; top += most) {
            int rows = Math.min(most, height - top);
            from.put(top, 0, rows(photograph, top, rows));
          }
        },
        new Frame(width, height),
        to,
        CvType.CV_8UC3,
        (from, resized) -> Imgproc.resize(from, resized, size, 0, 0, between.flag()));
  }

  /**
   * A part of what {@link #resizeRgb} gives: {@code H*W*3 -> h*w*3}.
   *
   * @param isMirrored whether left and right are exchanged
   */
  static byte[] resizePart(
      Picture picture, Frame to, Interpolation between, Part part, boolean isMirrored) {
    OpenCvLibrary.load();
    Mat stored = new Mat(picture.height(), picture.width(), CvType.CV_8UC3);
    Mat resized = new Mat();
    try {
      stored.put(0, 0, picture.rgb());
      boolean isSame = to.width() == picture.width() && to.height() == picture.height();
      if (!isSame) {
        Size size = new Size(to.width(), to.height());
        Imgproc.resize(stored, resized, size, 0, 0, between.flag());
      }
      Mat all = isSame ? stored : resized;
      Mat some =
          all.submat(
              part.top(), part.top() + part.height(), part.left(), part.left() + part.width());
      if (isMirrored) {
        Core.flip(some, some, 1);
      }
      byte[] rgb = new byte[3 * part.width() * part.height()];
      some.get(0, 0, rgb);
      some.release();
      return rgb;
    } finally {
      stored.release();
      resized.release();
    }
  }

  private static byte[] rows(Photograph photograph, int top, int rows) {
    return photograph instanceof Picture picture
        ? picture.rgb()
        : photograph.part(0, top, photograph.width(), rows).rgb();
  }

  /** {@code H*W -> H'*W'}, each value one of the source's. */
  static byte[] resizeLabels(byte[] labels, int width, int height, Frame to) {
    Size size = new Size(to.width(), to.height());
    return changed(
        labels,
        new Frame(width, height),
        to,
        CvType.CV_8UC1,
        (from, resized) -> Imgproc.resize(from, resized, size, 0, 0, Imgproc.INTER_NEAREST));
  }

  /**
   * {@code H*W*3 -> H*W*3}, turned about the centre, linear between pixel centres; pixels from
   * outside have the mean colour.
   *
   * @param degrees anticlockwise
   */
  static byte[] turnRgb(byte[] rgb, int width, int height, double degrees) {
    return turn(rgb, new Frame(width, height), degrees, CvType.CV_8UC3);
  }

  /** {@code H*W -> H*W}, each value one of the source's, or void where it comes from outside. */
  static byte[] turnLabels(byte[] labels, int width, int height, double degrees) {
    return turn(labels, new Frame(width, height), degrees, CvType.CV_8UC1);
  }

  private static byte[] turn(byte[] pixels, Frame frame, double degrees, int type) {
    boolean labels = type == CvType.CV_8UC1;
    double[] mean = Normalization.MEAN.stream().mapToDouble(Math::round).toArray();
    Scalar outside = labels ? Scalar.all(Sample.VOID) : new Scalar(mean);
    int interpolation = labels ? Imgproc.INTER_NEAREST : Imgproc.INTER_LINEAR;
    Point centre = new Point((frame.width() - 1) / 2.0, (frame.height() - 1) / 2.0);
    return changed(
        pixels,
        frame,
        frame,
        type,
        (from, to) -> {
          Mat matrix = Imgproc.getRotationMatrix2D(centre, degrees, 1);
          Imgproc.warpAffine(
              from, to, matrix, from.size(), interpolation, Core.BORDER_CONSTANT, outside);
          matrix.release();
        });
  }

  /**
   * {@code H*W*3 -> H*W*3}, by a Gaussian; pixels outside mirror those inside.
   *
   * @param sigma its standard deviation, pixels
   */
  static byte[] blurRgb(byte[] rgb, int width, int height, double sigma) {
    Frame frame = new Frame(width, height);
    return changed(
        rgb,
        frame,
        frame,
        CvType.CV_8UC3,
        (from, to) -> Imgproc.GaussianBlur(from, to, new Size(), sigma));
  }

  /**
   * {@code H*W*3 -> H*W*3} by way of hue (0-179), saturation and value.
   *
   * @param changed gets the result; may be {@code rgb} itself
   */
  static void throughHsv(
      byte[] rgb, int width, int height, Consumer<byte[]> change, byte[] changed) {
    OpenCvLibrary.load();
    Mat pixels = new Mat(height, width, CvType.CV_8UC3);
    try {
      pixels.put(0, 0, rgb);
      Imgproc.cvtColor(pixels, pixels, Imgproc.COLOR_RGB2HSV);
      pixels.get(0, 0, changed);
      change.accept(changed);
      pixels.put(0, 0, changed);
      Imgproc.cvtColor(pixels, pixels, Imgproc.COLOR_HSV2RGB);
      pixels.get(0, 0, changed);
    } finally {
      pixels.release();
    }
  }

  private static byte[] changed(
      byte[] pixels, Frame before, Frame after, int type, BiConsumer<Mat, Mat> change) {
    return changed(from -> from.put(0, 0, pixels), before, after, type, change);
  }

  private static byte[] changed(
      Consumer<Mat> fill, Frame before, Frame after, int type, BiConsumer<Mat, Mat> change) {
    OpenCvLibrary.load();
    Mat from = new Mat(before.height(), before.width(), type);
    Mat to = new Mat();
    try {
      fill.accept(from);
      change.accept(from, to);
      byte[] result = new byte[after.width() * after.height() * CvType.channels(type)];
      to.get(0, 0, result);
      return result;
    } finally {
      from.release();
      to.release();
    }
  }
}
