package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.engine.Aten;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.inference.internal.ScoringNetwork;

/**
 * Adapts a loaded file to the rest of segtrain: normalised images in, scores out. In a class map a
 * class has the score 1 at its pixels and 0 elsewhere, so maps are enlarged as scores are.
 */
final class ExportedNetwork implements ScoringNetwork {

  private static final String ONE_HOT =
      "torch.to(torch.eq(torch.unsqueeze($0, 1), $1), 6)"; // float32
  private static final int SMALL = 64;
  private static final int PASSES = 2;

  private final Path file;
  private final Program program;
  private final ModelCard card;
  private final List<Long> axes; // B 3 H W, -1 for any

  /** A network of {@code program}, which it closes. */
  ExportedNetwork(Path file, Program program, ModelCard card) {
    this.file = file;
    this.program = program;
    this.card = card;
    List<Long> own = program.axes().isEmpty() ? said(card.input().axes()) : program.axes();
    this.axes =
        card.inputForm() == InputForm.UINT8 && own.size() == 4
            ? List.of(own.get(0), own.get(3), own.get(1), own.get(2))
            : own;
  }

  private static List<Long> said(List<String> axes) {
    return axes.stream().map(axis -> axis.matches("\\d+") ? Long.parseLong(axis) : -1L).toList();
  }

  /**
   * Runs it on small images, to check its outputs. PyTorch observes the first pass of a program and
   * rewrites the program in the second; after large images the heap would stay fragmented.
   *
   * @throws DataException if its outputs are not those of its description
   */
  void warmUp(NDManager manager) {
    for (int i = 0; i < PASSES; i++) {
      try (NDManager one = manager.newSubManager()) {
        scores(one.zeros(new Shape(1, 3, side(2), side(3))));
      }
    }
  }

  private long side(int axis) {
    return axes.size() == 4 && axes.get(axis) > 0 ? axes.get(axis) : SMALL;
  }

  @Override
  public NDArray scores(NDArray images) {
    requireFitting(images.getShape());
    NDArray read = card.inputForm().of(images, card.photographs().images());
    NDArray given = axes.get(0) == 1 ? oneByOne(read) : program.run(new NDList(read)).head();
    int classes = card.classes().size();
    boolean classMap = card.givesClasses();
    Shape shape = given.getShape();
    boolean fits =
        classMap
            ? shape.equals(new Shape(images.size(0), images.size(2), images.size(3)))
            : shape.dimension() == 4 && shape.get(0) == images.size(0) && shape.get(1) == classes;
    if (!fits) {
      throw new DataException(
          "%s gives an array %s for images %s, but its %s says %s of %s; export the model again"
              .formatted(
                  file,
                  shape,
                  images.getShape(),
                  ModelCard.NAME,
                  card.outputs().get(0).axes(),
                  Counted.of(classes, "class")));
    }
    return classMap ? oneHot(given, classes) : Aten.toFloat32(given);
  }

  /** {@code B H W -> B K H W}. */
  private static NDArray oneHot(NDArray classMap, int classes) {
    NDArray numbers = classMap.getManager().arange(classes).reshape(1, classes, 1, 1);
    return Aten.call(ONE_HOT, classMap, numbers);
  }

  private NDArray oneByOne(NDArray images) {
    if (images.size(0) == 1) {
      return program.run(new NDList(images)).head();
    }
    NDList all = new NDList();
    for (long i = 0; i < images.size(0); i++) {
      all.add(program.run(new NDList(images.get(new NDIndex("{}:{}", i, i + 1)))).head());
    }
    return NDArrays.concat(all);
  }

  private void requireFitting(Shape images) {
    if (axes.size() != 4) {
      throw new DataException(
          "%s reads arrays with %d dimensions, but images have 4; export the model again"
              .formatted(file, axes.size()));
    }
    boolean one = axes.get(0) == 1; // which is given one at a time
    boolean fits =
        IntStream.range(one ? 1 : 0, 4)
            .allMatch(i -> axes.get(i) < 1 || axes.get(i) == images.get(i));
    if (!fits) {
      throw new DataException(
          "%s reads only images of %s (number, channels, height, width), but got %s; cut photographs into evaluation.window of its size, or export a file for any size"
              .formatted(file, axes.toString().replace("-1", "any"), images));
    }
  }

  @Override
  public boolean alignCorners() {
    return card.alignCorners();
  }

  @Override
  public void close() {
    program.close();
  }
}
