package org.segtrain.nn;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;

/**
 * The numbers of a two-dimensional convolution with square kernels, {@code B in H W -> B out H'
 * W'}.
 *
 * @param in channels read
 * @param out channels written
 * @param kernel side of the kernel, pixels
 * @param stride step of the kernel, pixels
 * @param padding zeros added on each side, pixels
 * @param groups groups of channels that do not mix
 * @param bias whether a bias is added
 */
public record Convolution(
    int in, int out, int kernel, int stride, int padding, int groups, boolean bias) {

  public Convolution {
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide both channel counts, but in = %d, out = %d and groups = %d"
              .formatted(in, out, groups));
    }
  }

  /** Keeps height and width; the kernel is odd. */
  public static Convolution same(int in, int out, int kernel) {
    return new Convolution(in, out, kernel, 1, kernel / 2, 1, true);
  }

  /** Reads non-overlapping patches, {@code B in H W -> B out H/size W/size}, rounded down. */
  public static Convolution patches(int in, int out, int size) {
    return new Convolution(in, out, size, size, 0, 1, true);
  }

  /** Keeps height and width, each channel on its own; the kernel is odd. */
  public static Convolution depthwise(int channels, int kernel) {
    return new Convolution(channels, channels, kernel, 1, kernel / 2, channels, true);
  }

  /** Mixes the channels of each pixel. */
  public static Convolution pointwise(int in, int out) {
    return same(in, out, 1);
  }

  /** The same with steps of {@code stride} pixels. */
  public Convolution withStride(int stride) {
    return new Convolution(in, out, kernel, stride, padding, groups, bias);
  }

  /** The same without a bias. */
  public Convolution withoutBias() {
    return new Convolution(in, out, kernel, stride, padding, groups, false);
  }

  /** The fan-in: the number of inputs in the sum of one output. */
  int fanIn() {
    return in / groups * kernel * kernel;
  }

  /** The fan-out: the number of outputs with one input in their sum, all strides being one. */
  int fanOut() {
    return out / groups * kernel * kernel;
  }

  Conv2d block() {
    Conv2d.Builder builder =
        Conv2d.builder()
            .setKernelShape(new Shape(kernel, kernel))
            .setFilters(out)
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(padding, padding))
            .optGroups(groups)
            .optBias(bias);
    return groups == in && kernel > 3 ? new WideDepthwise(builder) : builder.build();
  }
}
