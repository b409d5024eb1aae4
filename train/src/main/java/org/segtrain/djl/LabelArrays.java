package org.segtrain.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/** The labels of a batch, as DJL hands them on. */
final class LabelArrays {

  private LabelArrays() {}

  /**
   * The labels as {@code B H W}, int64.
   *
   * @param scope gets the array if the labels are of another type
   * @throws IllegalArgumentException if they are not one array {@code B H W}, B being that of
   *     {@code scores}
   */
  static NDArray of(NDList labels, NDArray scores, NDManager scope) {
    NDArray array = labels.singletonOrThrow();
    if (array.getShape().dimension() != 3 || array.size(0) != scores.size(0)) {
      throw new IllegalArgumentException(
          "labels are B H W and scores B K h w, but labels are %s and scores %s"
              .formatted(array.getShape(), scores.getShape()));
    }
    if (array.getDataType() == DataType.INT64) {
      return array;
    }
    NDArray converted = array.toType(DataType.INT64, true);
    converted.attach(scope);
    return converted;
  }
}
