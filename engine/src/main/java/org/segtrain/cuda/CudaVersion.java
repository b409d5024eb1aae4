package org.segtrain.cuda;

/** A version of CUDA, as its libraries tell it: 1000 times the major and 10 times the minor. */
record CudaVersion(int major, int minor) {

  private static final int MAJOR = 1000;
  private static final int MINOR = 10;

  static CudaVersion of(int number) {
    return new CudaVersion(number / MAJOR, number % MAJOR / MINOR);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
