package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.TensorFile;

/** The state dict in a file, opened. */
record Source(TensorFile file, Container container) {

  /**
   * Finds it, as {@link Container} says.
   *
   * @param part that is asked for, or null
   */
  static Source of(TensorFile file, String part) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    file.tensors().forEach((name, info) -> shapes.put(name, info.shape()));
    return new Source(file, Container.of(file.file(), shapes, part));
  }

  /**
   * Reads an array, converted to the shape and type of the model's.
   *
   * @param present the array of the model in its place
   * @throws DataException if the file has it several times, with different numbers, or it is a
   *     constant that differs from the model's
   */
  NDArray read(NDManager manager, Plan.Step step, NDArray present) {
    String first = step.sources().get(0);
    NDArray stored = read(manager, first);
    for (String again : step.sources().subList(1, step.sources().size())) {
      if (!stored.equals(read(manager, again))) {
        throw new DataException(
            "%s has two names for one array of the model, but %s and %s differ; choose another file"
                .formatted(container.in(file.file()), first, again));
      }
    }
    if (Names.isIndex(step.name()) && !stored.equals(present)) {
      throw new DataException(
          ("%s counts relative positions differently from the model: %s differs; choose another"
                  + " file")
              .formatted(container.in(file.file()), first));
    }
    return step.conversion().apply(stored, present).toType(present.getDataType(), false);
  }

  /** Reads an array by its name in the state dict. */
  NDArray read(NDManager manager, String name) {
    return file.read(manager, container.prefix() + name);
  }
}
