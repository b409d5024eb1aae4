package org.segtrain.augment;

import java.util.function.Consumer;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/** The few operations that are OpenCV's, on plain byte arrays. */
final class OpenCv {

  private OpenCv() {}

  /** {@code H*W*3 -> H'*W'*3}, linear between pixel centres. */
  static byte[] resizeRgb(byte[] rgb, int width, int height, Frame to) {
    return resize(rgb, width, height, to, CvType.CV_8UC3, Imgproc.INTER_LINEAR);
  }

  /** {@code H*W -> H'*W'}, each value one of the source's. */
  static byte[] resizeLabels(byte[] labels, int width, int height, Frame to) {
    return resize(labels, width, height, to, CvType.CV_8UC1, Imgproc.INTER_NEAREST);
  }

  /** Changes {@code rgb} in place by way of hue (0-179), saturation and value. */
  static void throughHsv(byte[] rgb, int width, int height, Consumer<byte[]> change) {
    OpenCvLibrary.load();
    Mat pixels = new Mat(height, width, CvType.CV_8UC3);
    try {
      pixels.put(0, 0, rgb);
      Imgproc.cvtColor(pixels, pixels, Imgproc.COLOR_RGB2HSV);
      pixels.get(0, 0, rgb);
      change.accept(rgb);
      pixels.put(0, 0, rgb);
      Imgproc.cvtColor(pixels, pixels, Imgproc.COLOR_HSV2RGB);
      pixels.get(0, 0, rgb);
    } finally {
      pixels.release();
    }
  }

  private static byte[] resize(
      byte[] pixels, int width, int height, Frame to, int type, int interpolation) {
    OpenCvLibrary.load();
    Mat from = new Mat(height, width, type);
    Mat resized = new Mat();
    try {
      from.put(0, 0, pixels);
      Size size = new Size(to.width(), to.height());
      Imgproc.resize(from, resized, size, 0, 0, interpolation);
      byte[] result = new byte[to.width() * to.height() * CvType.channels(type)];
      resized.get(0, 0, result);
      return result;
    } finally {
      from.release();
      resized.release();
    }
  }
}
