package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The arrays of one call, as the engine wants them. Closing it frees those made for the call only,
 * so that nothing piles up in the manager of a parameter.
 */
final class Carriage implements AutoCloseable {

  private final NDList temporary = new NDList();

  /** Takes arrays as they are; a shape travels as an array of that shape, but without elements. */
  NDList load(List<Object> travelling) {
    NDManager manager = ((NDArray) travelling.get(0)).getManager();
    NDList arrays = new NDList();
    for (Object item : travelling) {
      if (item instanceof Shape sizes) {
        arrays.add(temporary(manager.create(sizes.add(0), DataType.UINT8)));
      } else {
        arrays.add((NDArray) item);
      }
    }
    return arrays;
  }

  @Override
  public void close() {
    temporary.close();
  }

  private NDArray temporary(NDArray array) {
    temporary.add(array);
    return array;
  }
}
