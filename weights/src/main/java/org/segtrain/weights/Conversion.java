package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.segtrain.engine.Aten;

/** How an array of a file becomes one of a model that has another shape. */
enum Conversion {
  /** It has the same shape. */
  NONE {
    @Override
    NDArray apply(NDArray stored, NDArray present) {
      return stored;
    }
  },

  /**
   * A position embedding {@code 1 N C} whose rows are those of a square map, after one for a class
   * token or not. The map is resized; a class token's row stays, goes, or is the model's own.
   */
  POSITIONS {
    @Override
    NDArray apply(NDArray stored, NDArray present) {
      long from = stored.size(1);
      long to = present.size(1);
      NDIndex map = new NDIndex(":, {}:", from - square(side(from)));
      NDArray resized = resized(stored.get(map), side(from), side(to)); // 1 G·G C
      if (to == square(side(to))) {
        return resized;
      }
      NDArray owner = from > square(side(from)) ? stored : present;
      return owner.get(new NDIndex(":, :1")).concat(resized, 1); // 1 1+G·G C
    }
  },

  /** A table of relative positions in a window of side w, {@code (2w-1)² h}, which is resized. */
  RELATIVE_POSITIONS {
    @Override
    NDArray apply(NDArray stored, NDArray present) {
      NDArray table = stored.expandDims(0); // 1 (2w-1)² h
      return resized(table, side(stored.size(0)), side(present.size(0))).squeeze(0);
    }
  };

  /**
   * The one that makes the array of that name fit.
   *
   * @param from its shape in the file
   * @param to its shape in the model
   */
  static Optional<Conversion> of(String name, Shape from, Shape to) {
    if (from.equals(to)) {
      return Optional.of(NONE);
    }
    if (from.dimension() != to.dimension()) {
      return Optional.empty();
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    boolean sameWidth = from.getLastDimension() == to.getLastDimension();
    if (sameWidth && last.matches("pos_embed\\d*") && from.dimension() == 3) {
      boolean maps = from.get(0) == 1 && to.get(0) == 1 && isMap(from.get(1)) && isMap(to.get(1));
      return maps ? Optional.of(POSITIONS) : Optional.empty();
    }
    if (sameWidth && last.equals("relative_position_bias_table") && from.dimension() == 2) {
      boolean squares = isSquare(from.get(0)) && isSquare(to.get(0));
      return squares ? Optional.of(RELATIVE_POSITIONS) : Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * The array as the model has it.
   *
   * @param stored the array of the file
   * @param present that of the model
   */
  abstract NDArray apply(NDArray stored, NDArray present);

  /** {@code 1 g·g C -> 1 G·G C}, bilinear, the corners' edges in place. */
  private static NDArray resized(NDArray rows, long from, long to) {
    if (from == to) {
      return rows;
    }
    long channels = rows.size(2);
    NDArray map = rows.reshape(1, from, from, channels).transpose(0, 3, 1, 2); // 1 C g g
    NDArray large = Aten.resizeBilinear(map, to, to, false); // 1 C G G
    return large.transpose(0, 2, 3, 1).reshape(1, to * to, channels);
  }

  private static boolean isMap(long rows) {
    return isSquare(rows) || isSquare(rows - 1);
  }

  private static boolean isSquare(long number) {
    return number > 0 && square(side(number)) == number;
  }

  /** Of the largest square map with at most that many places. */
  private static long side(long places) {
    return (long) Math.sqrt((double) places);
  }

  private static long square(long side) {
    return side * side;
  }
}
