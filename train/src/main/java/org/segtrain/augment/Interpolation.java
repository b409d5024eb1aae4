package org.segtrain.augment;

import org.opencv.imgproc.Imgproc;

/** How the colours between pixel centres are found when a photograph is resized. */
enum Interpolation {
  LINEAR(Imgproc.INTER_LINEAR),
  CUBIC(Imgproc.INTER_CUBIC);

  private final int flag;

  Interpolation(int flag) {
    this.flag = flag;
  }

  /** OpenCV's number of it. */
  int flag() {
    return flag;
  }
}
