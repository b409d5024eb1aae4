package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.Backbone;
import org.segtrain.engine.Aten;
import org.segtrain.images.Normalization;
import org.segtrain.names.Choice;
import org.segtrain.nn.Layouts;
import org.segtrain.torchscript.Samples;

/** The input of an exported model. */
public enum InputForm {
  /** Images that the caller has normalised, {@code B 3 H W}, float32. */
  FLOAT,
  /** Images as they are, {@code B H W 3}, uint8, red first; the file normalises them. */
  UINT8;

  private static final String CONTIGUOUS = "torch.contiguous($0)";
  private static final double GREY = 128;
  private static final double CONTRAST = 60;

  /** The input of the model inside, {@code B 3 H W}. */
  NDArray normalized(NDArray x, ImageRules rules) {
    return this == FLOAT ? x : Normalization.of(x.toType(DataType.FLOAT32, true), rules.channels());
  }

  /** The input of the file for the model's images, {@code B 3 H W}. */
  NDArray of(NDArray images, ImageRules rules) {
    if (this == FLOAT) {
      return images;
    }
    NDArray colours = Normalization.colours(images, rules.channels()).round(); // B H W 3
    return Aten.call(CONTIGUOUS, colours.clip(0, 255).toType(DataType.UINT8, false));
  }

  /** Inputs of many sizes. */
  Samples samples() {
    Samples images = Samples.ofImages(Backbone.SHORTEST_SIDE, 1, new Shape(-1, 3, -1, -1));
    return this == FLOAT ? images : images.mapped(InputForm::bytes);
  }

  /** The shapes of the images on which a file is compared with the model. */
  public List<Shape> checkedShapes() {
    return samples().checkedShapes().stream().map(shapes -> shapes.get(0)).toList();
  }

  /** {@code B 3 H W}, noise around zero {@code -> B H W 3}. */
  private static NDList bytes(NDList noise) {
    NDArray colours = Layouts.channelsLast(noise.singletonOrThrow()).mul(CONTRAST).add(GREY);
    NDArray bytes = colours.clip(0, 255).toType(DataType.UINT8, false);
    return new NDList(Aten.call(CONTIGUOUS, bytes));
  }

  /** The array that is read. */
  Port port(ImageRules rules) {
    if (this == UINT8) {
      List<String> axes = List.of("batch", "height", "width", "3");
      return new Port("image", axes, "uint8", "colours, red first");
    }
    return new Port(
        "image",
        List.of("batch", "3", "height", "width"),
        "float32",
        "(colour - mean) / std, %s first".formatted(rules.channels().first()));
  }

  /** The name at every border, {@code uint8}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The form of that name.
   *
   * @throws IllegalArgumentException if there is none, naming the known ones
   */
  public static InputForm of(String name) {
    return Choice.of("input", values(), name);
  }
}
