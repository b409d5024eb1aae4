package org.segtrain.inference.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.data.Picture;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Staging;
import org.segtrain.images.Normalization;

/**
 * From bytes to the input of a model, on the device.
 *
 * <p>Bytes go through one buffer that is used again and again. DJL would allocate one outside the
 * heap for each array, which stays until it is garbage-collected. So an instance serves one thread.
 */
public final class Inputs {

  private final Precision precision;
  private final ImageRules rules;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  public Inputs(Precision precision, ImageRules rules) {
    this.precision = precision;
    this.rules = rules;
  }

  /** {@code B 3 H W}. */
  public NDArray images(NDManager manager, Batch batch) {
    return images(
        manager, batch.images(), new Shape(batch.size(), batch.height(), batch.width(), 3));
  }

  /** {@code 1 3 H W}. */
  public NDArray image(NDManager manager, Picture picture) {
    return images(manager, picture.rgb(), new Shape(1, picture.height(), picture.width(), 3));
  }

  /** {@code B H W} classes, int64. */
  public NDArray labels(NDManager manager, Batch batch) {
    Shape shape = new Shape(batch.size(), batch.height(), batch.width());
    return convert(manager, batch.labels(), shape, DataType.INT64);
  }

  /** {@code 1 H W} classes, int64. */
  public NDArray labels(NDManager manager, byte[] labels, int height, int width) {
    return convert(manager, labels, new Shape(1, height, width), DataType.INT64);
  }

  private NDArray images(NDManager manager, byte[] rgb, Shape shape) { // B H W 3
    NDArray colours = convert(manager, rgb, shape, DataType.FLOAT32);
    NDArray mean = constant(manager, Normalization.MEAN);
    NDArray std = constant(manager, Normalization.STD);
    NDArray images = Normalization.of(colours, rules.channels(), mean, std);
    return precision == Precision.BF16 ? Aten.toBfloat16(images) : images;
  }

  private static NDArray constant(NDManager manager, List<Float> values) {
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      return Staging.onDevice(Normalization.array(host, values), manager);
    }
  }

  private NDArray convert(NDManager manager, byte[] bytes, Shape shape, DataType type) {
    if (buffer.capacity() < bytes.length) {
      buffer = ByteBuffer.allocateDirect(bytes.length);
    }
    buffer.clear().put(bytes).flip();
    try (NDManager host = manager.newSubManager(Device.cpu());
        NDArray view = host.create(buffer.slice(), shape, DataType.UINT8);
        NDArray moved = Staging.onDevice(view, manager)) {
      return moved.toType(type, true);
    }
  }
}
