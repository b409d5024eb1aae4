package org.segtrain.images;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * From colours to the input of a model: minus ImageNet's mean, divided by its standard deviation.
 */
public final class Normalization {

  /** Of each channel, 0-255, in the order in which the model reads them. */
  public static final List<Float> MEAN = List.of(123.675f, 116.28f, 103.53f);

  /** The standard deviation, as {@link #MEAN}. */
  public static final List<Float> STD = List.of(58.395f, 57.12f, 57.375f);

  private Normalization() {}

  /**
   * {@code B H W 3}, red first {@code -> B 3 H W}.
   *
   * @param colours 0-255, float32; they may be overwritten
   */
  public static NDArray of(NDArray colours, ChannelOrder order) {
    NDManager manager = colours.getManager();
    return of(colours, order, array(manager, MEAN), array(manager, STD));
  }

  /**
   * The same with arrays that are on the device already.
   *
   * @param mean {@link #MEAN}
   * @param std {@link #STD}
   */
  public static NDArray of(NDArray colours, ChannelOrder order, NDArray mean, NDArray std) {
    NDArray ordered = order == ChannelOrder.BGR ? colours.flip(3) : colours;
    return ordered.subi(mean).divi(std).transpose(0, 3, 1, 2); // B 3 H W
  }

  /**
   * The inverse of {@link #of}, as near as float32 allows: {@code B 3 H W -> B H W 3}, red first.
   */
  public static NDArray colours(NDArray images, ChannelOrder order) {
    NDManager manager = images.getManager();
    NDArray last = images.transpose(0, 2, 3, 1); // B H W 3
    NDArray colours = last.mul(array(manager, STD)).addi(array(manager, MEAN));
    return order == ChannelOrder.BGR ? colours.flip(3) : colours;
  }

  /** {@link #MEAN} or {@link #STD}. */
  public static NDArray array(NDManager manager, List<Float> values) {
    return manager.create(new float[] {values.get(0), values.get(1), values.get(2)});
  }
}
