package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Inputs to record a forward pass with, and further ones to check the program on. */
public final class Samples {

  /**
   * Sizes by axis. Of the sizes, their halves, quarters and so on to 32nds, some are even and some
   * odd, some multiples of 7 and some not. So no two ways to compute with them agree. The last two
   * have a side beyond 13 times 32, so their maps of 32nds have several windows, even of the
   * largest in published models.
   */
  private static final long[][] RECORDED = {
    {1, 1, 1, 1, 1, 1, 2, 3, 1, 1},
    {13, 29, 17, 23, 11, 31, 19, 14, 27, 22},
    {240, 51, 322, 68, 311, 74, 228, 107, 489, 77},
    {48, 234, 75, 275, 45, 293, 35, 83, 61, 557},
    {11, 19, 31, 7, 5, 23, 13, 9, 17, 29}
  };

  /**
   * Among them are the smallest size that may be, equal sides, several windows along both axes, and
   * sizes that are larger than any that is recorded.
   */
  private static final long[][] UNSEEN = {
    {4, 5, 1, 1, 1, 1},
    {21, 12, 33, 26, 40, 15},
    {36, 228, 449, 224, 33, 1153},
    {230, 32, 470, 224, 1153, 34},
    {14, 9, 37, 25, 44, 10}
  };

  private static final int FIRST_SIDE = 2; // axes before are batch and channels
  private static final int SMALLEST_SIDE = 32;

  private final List<Function<NDManager, NDList>> recorded;
  private final List<Function<NDManager, NDList>> unseen;

  private Samples(
      List<Function<NDManager, NDList>> recorded, List<Function<NDManager, NDList>> unseen) {
    if (recorded.isEmpty() || unseen.isEmpty()) {
      throw new IllegalArgumentException(
          "an export needs inputs to record and to check, but got %d and %d"
              .formatted(recorded.size(), unseen.size()));
    }
    this.recorded = recorded;
    this.unseen = unseen;
  }

  /**
   * Float32 inputs of the given shapes, in which -1 stands for an axis of any size; the same axis
   * has the same size in all inputs.
   */
  public static Samples ofShapes(Shape... inputs) {
    return ofImages(1, 1, inputs);
  }

  /**
   * The same for blocks that do not read every size.
   *
   * @param least the smallest size that an axis from the third on may have
   * @param multiple divisor of such sizes
   */
  public static Samples ofImages(int least, int multiple, Shape... inputs) {
    List<Shape> templates = List.of(inputs);
    return new Samples(
        draws(RECORDED, least, multiple, templates), draws(UNSEEN, least, multiple, templates));
  }

  /**
   * Float32 inputs of exactly the given shapes, for blocks of one input.
   *
   * @param recorded one for a program of that shape only, or several as for {@link #of}
   * @param unseen to check the program on
   */
  public static Samples ofShapes(List<Shape> recorded, List<Shape> unseen) {
    return new Samples(draws(recorded), draws(unseen));
  }

  private static List<Function<NDManager, NDList>> draws(List<Shape> shapes) {
    List<Function<NDManager, NDList>> draws = new ArrayList<>();
    shapes.forEach(shape -> draws.add(manager -> draw(manager, List.of(shape))));
    return draws;
  }

  /**
   * The caller's own inputs, which stay the caller's.
   *
   * @param recorded one for a program of that size only. Else about ten, in which every variable
   *     axis takes several sizes without common divisors; with four, sizes fitted by accident
   *     (docs/adr/0009)
   * @param unseen of other sizes, to check the program on
   */
  public static Samples of(List<NDList> recorded, List<NDList> unseen) {
    return new Samples(copies(recorded), copies(unseen));
  }

  /** What {@code change} makes of the same inputs; its result belongs to their manager. */
  public Samples mapped(UnaryOperator<NDList> change) {
    return new Samples(mapped(recorded, change), mapped(unseen, change));
  }

  /** The shapes of the inputs that a program is checked on. */
  public List<List<Shape>> checkedShapes() {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      return unseen.stream()
          .map(sample -> sample.apply(manager).stream().map(NDArray::getShape).toList())
          .toList();
    }
  }

  List<Function<NDManager, NDList>> recorded() {
    return recorded;
  }

  List<Function<NDManager, NDList>> unseen() {
    return unseen;
  }

  private static List<Function<NDManager, NDList>> copies(List<NDList> inputs) {
    List<Function<NDManager, NDList>> copies = new ArrayList<>();
    for (NDList arrays : inputs) {
      copies.add(
          manager -> {
            NDList own = new NDList();
            for (NDArray array : arrays) {
              NDArray copy = array.duplicate();
              copy.attach(manager);
              own.add(copy);
            }
            return own;
          });
    }
    return copies;
  }

  private static List<Function<NDManager, NDList>> mapped(
      List<Function<NDManager, NDList>> samples, UnaryOperator<NDList> change) {
    return samples.stream().map(sample -> sample.andThen(change)).toList();
  }

  private static List<Function<NDManager, NDList>> draws(
      long[][] sizes, int least, int multiple, List<Shape> templates) {
    List<Function<NDManager, NDList>> draws = new ArrayList<>();
    for (int i = 0; i < sizes[0].length; i++) {
      int column = i;
      List<Shape> shapes =
          templates.stream().map(t -> filled(t, sizes, column, least, multiple)).toList();
      draws.add(manager -> draw(manager, shapes));
    }
    return draws;
  }

  private static Shape filled(Shape template, long[][] sizes, int column, int least, int multiple) {
    return new Shape(
        IntStream.range(0, template.dimension())
            .mapToLong(
                axis -> {
                  if (template.get(axis) >= 0) {
                    return template.get(axis);
                  }
                  if (axis >= sizes.length) {
                    throw new IllegalArgumentException(
                        "axis %d of %s cannot be of any size, only the first %d can; give it a size"
                            .formatted(axis, template, sizes.length));
                  }
                  long size = sizes[axis][column];
                  return axis < FIRST_SIDE ? size : fitting(size, least, multiple);
                })
            .toArray());
  }

  /** Raises all sizes alike. */
  private static long fitting(long size, int least, int multiple) {
    long raised = size + Math.max(0, least - SMALLEST_SIDE);
    return (raised + multiple - 1) / multiple * multiple;
  }

  private static NDList draw(NDManager manager, List<Shape> shapes) {
    Random random = new Random(shapes.hashCode());
    NDList arrays = new NDList();
    for (Shape shape : shapes) {
      float[] values = new float[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      arrays.add(manager.create(values, shape));
    }
    return arrays;
  }
}
