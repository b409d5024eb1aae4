package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.TensorFile;

/**
 * The contents of a file of arrays.
 *
 * @param file the file
 * @param format in words: "PyTorch"
 * @param arrays all of them, in the order of the file
 * @param strings its other values: {@code epoch}
 * @param model the part that is the state dict of a model, if one can be told
 */
public record Inspection(
    Path file,
    String format,
    List<Entry> arrays,
    Map<String, String> strings,
    Optional<Model> model) {

  /**
   * An array.
   *
   * @param name in the file
   */
  public record Entry(String name, ElementType type, Shape shape) {

    /** How many bytes it takes. */
    public long bytes() {
      return shape.size() * type.bytes();
    }
  }

  /**
   * A state dict.
   *
   * @param part of the file that it is; empty for the whole file
   * @param names of its arrays in the file
   * @param likeness the published model that it is most like, if it is like any
   */
  public record Model(String part, List<String> names, Optional<Likeness> likeness) {}

  /**
   * Looks into a file.
   *
   * @param part to take for the model, or null for the usual one
   * @throws DataException if it cannot be read, or has no such part
   */
  public static Inspection of(Path file, String part) {
    try (TensorFile tensors = TensorFile.open(file)) {
      List<Entry> arrays = new ArrayList<>();
      tensors
          .tensors()
          .forEach((name, info) -> arrays.add(new Entry(name, info.type(), info.shape())));
      return new Inspection(
          file, tensors.format(), arrays, tensors.metadata(), model(tensors, part));
    }
  }

  private static Optional<Model> model(TensorFile tensors, String part) {
    try {
      Container container = Source.of(tensors, part).container();
      List<String> names =
          container.shapes().keySet().stream().map(name -> container.prefix() + name).toList();
      return Optional.of(new Model(container.path(), names, Likeness.of(container.shapes())));
    } catch (DataException e) {
      if (part != null) {
        throw e;
      }
      return Optional.empty(); // that there is none is an answer too
    }
  }

  /** How many arrays each dictionary of the file has, by its name; empty for the outermost. */
  public Map<String, Long> parts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    arrays.stream()
        .map(entry -> entry.name().substring(0, Math.max(0, entry.name().indexOf('/'))))
        .sorted(Comparator.naturalOrder())
        .forEach(part -> parts.merge(part, 1L, Long::sum));
    return parts;
  }
}
