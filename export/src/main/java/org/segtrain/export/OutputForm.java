package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Locale;
import org.segtrain.engine.Aten;
import org.segtrain.names.Choice;

/** The output of an exported model. */
public enum OutputForm {
  /** The logits of the head, {@code B K H/4 W/4}. */
  LOGITS,
  /** The same at the size of the image, {@code B K H W}. */
  FULL_LOGITS,
  /** The class with the highest logit, {@code B H W}, uint8. */
  CLASS_MAP;

  private static final List<String> PIXELS = List.of("batch", "height", "width");

  /**
   * Makes the outputs of logits, {@code B K h w}.
   *
   * @param image whose size they are enlarged to, {@code B 3 H W}
   * @param alignCorners how they are enlarged
   * @param confidence whether classes are followed by their probabilities, {@code B H W}
   */
  NDList outputs(NDArray logits, NDArray image, boolean alignCorners, boolean confidence) {
    if (this == LOGITS) {
      return new NDList(logits);
    }
    NDArray full = Aten.resizeBilinear(logits, image.size(2), image.size(3), alignCorners);
    if (this == FULL_LOGITS) {
      return new NDList(full); // B K H W
    }
    NDArray classes = full.argMax(1).toType(DataType.UINT8, false); // B H W
    return confidence
        ? new NDList(classes, Aten.softmax(full, 1).max(new int[] {1}))
        : new NDList(classes);
  }

  /** The arrays that are given. */
  List<Port> ports(int classes, boolean confidence) {
    String k = String.valueOf(classes);
    return switch (this) {
      case LOGITS -> List.of(logits("batch", k, "height/4", "width/4"));
      case FULL_LOGITS -> List.of(logits("batch", k, "height", "width"));
      case CLASS_MAP -> confidence ? List.of(classMap(), confidence()) : List.of(classMap());
    };
  }

  private static Port logits(String... axes) {
    return new Port("logits", List.of(axes), "float32", "score of each class before softmax");
  }

  private static Port classMap() {
    return new Port("class_map", PIXELS, "uint8", "number of the class with the highest score");
  }

  private static Port confidence() {
    return new Port("confidence", PIXELS, "float32", "probability of that class, from softmax");
  }

  /** The name at every border, {@code class_map}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The form of that name.
   *
   * @throws IllegalArgumentException if there is none, naming the known ones
   */
  public static OutputForm of(String name) {
    return Choice.of("output", values(), name);
  }
}
