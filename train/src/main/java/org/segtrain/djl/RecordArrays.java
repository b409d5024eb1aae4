package org.segtrain.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.segtrain.data.LabelMap;
import org.segtrain.data.Picture;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/** The arrays of one record of DJL as pixels. */
final class RecordArrays {

  private static final int BRIGHTEST = 255;

  private RecordArrays() {}

  /**
   * The image, {@code H W 3} of 0-255 or {@code 3 H W} of 0-1.
   *
   * @param file what to call it in messages
   */
  static Picture picture(NDList data, String file) {
    NDArray image = only(data, "image", file);
    Shape shape = image.getShape();
    if (shape.dimension() == 3 && shape.get(2) == 3) {
      return channelsLast(image, file);
    }
    if (shape.dimension() == 3 && shape.get(0) == 3) {
      return channelsFirst(image, file);
    }
    throw new DataException(
        "the image of %s has the shape %s, but images are (H, W, 3) or (3, H, W)"
            .formatted(file, shape));
  }

  private static Picture channelsLast(NDArray image, String file) {
    int width = (int) image.size(1);
    int height = (int) image.size(0);
    if (image.getDataType() == DataType.UINT8) {
      return new Picture(width, height, image.toByteArray());
    }
    float[] values = image.toType(DataType.FLOAT32, false).toFloatArray();
    byte[] rgb = new byte[values.length];
    boolean fractions = false;
    float highest = 0;
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = colour(values[i], BRIGHTEST, 1, file);
      fractions |= values[i] != Math.rint(values[i]);
      highest = Math.max(highest, values[i]);
    }
    if (fractions && highest <= 1) {
      throw new DataException(
          "the image of %s is (H, W, 3) with %s as its highest value, but such images are 0-255;"
                  .formatted(file, highest)
              + " multiply by 255");
    }
    return new Picture(width, height, rgb);
  }

  private static Picture channelsFirst(NDArray image, String file) {
    int width = (int) image.size(2);
    int height = (int) image.size(1);
    boolean bytes = image.getDataType() == DataType.UINT8;
    float[] values = image.toType(DataType.FLOAT32, false).toFloatArray();
    byte[] rgb = new byte[values.length];
    int pixels = width * height;
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < 3; c++) {
        float value = values[c * pixels + i];
        rgb[3 * i + c] = bytes ? (byte) value : colour(value, 1, BRIGHTEST, file);
      }
    }
    return new Picture(width, height, rgb);
  }

  private static byte colour(float value, int highest, int factor, String file) {
    if (!(value >= 0 && value <= highest)) {
      throw new DataException(
          "the image of %s has the value %s, but %s images are 0-%d; leave its normalisation out"
              .formatted(file, value, highest == 1 ? "(3, H, W)" : "(H, W, 3)", highest));
    }
    return (byte) Math.round(value * factor);
  }

  /**
   * The mask, {@code H W}, {@code 1 H W} or {@code H W 1}, its values not yet checked.
   *
   * @param file what to call it in messages
   */
  static LabelMap mask(NDList labels, String file) {
    NDArray mask = only(labels, "mask", file);
    Shape shape = mask.getShape();
    boolean plain = shape.dimension() == 2;
    boolean first = shape.dimension() == 3 && shape.get(0) == 1;
    boolean last = shape.dimension() == 3 && shape.get(2) == 1;
    if (!plain && !first && !last) {
      throw new DataException(
          "the mask of %s has the shape %s, but masks are (H, W), (1, H, W) or (H, W, 1)"
              .formatted(file, shape));
    }
    int rows = first && !last ? 1 : 0;
    int height = (int) shape.get(rows);
    int width = (int) shape.get(rows + 1);
    float[] values = mask.toType(DataType.FLOAT32, false).toFloatArray();
    int[] classes = new int[values.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (int) values[i];
      if (classes[i] != values[i]) {
        throw new DataException(
            "label %s in %s (column %d, row %d), but labels are whole numbers; do not resize masks"
                    .formatted(values[i], file, i % width, i / width)
                + " linearly");
      }
    }
    return new LabelMap(width, height, classes);
  }

  private static NDArray only(NDList arrays, String kind, String file) {
    if (arrays.size() != 1) {
      throw new DataException(
          "%s has %s where its %s should be, but a record has 1 image and 1 mask"
              .formatted(file, Counted.of(arrays.size(), "array"), kind));
    }
    return arrays.head();
  }
}
