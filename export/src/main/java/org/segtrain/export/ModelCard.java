package org.segtrain.export;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.internal.Json;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.ChannelOrder;
import org.segtrain.images.InputSize;
import org.segtrain.images.Normalization;
import org.segtrain.names.Choice;

/**
 * The description of an exported file, {@code segtrain.json}: enough to feed it and to read its
 * outputs.
 *
 * @param format of this description
 * @param version of segtrain that wrote it
 * @param classes by number
 * @param voidLabel the number that in masks means no class
 * @param input what it reads
 * @param outputs what it gives, in order
 * @param alignCorners how logits are enlarged to the image: whether the centres of the corner
 *     logits stay in place, rather than their edges
 */
public record ModelCard(
    String format,
    String version,
    @JsonUnwrapped Model model,
    List<Label> classes,
    int voidLabel,
    Input input,
    List<Port> outputs,
    boolean alignCorners,
    @JsonUnwrapped Photographs photographs) {

  /** The name of the description in a file, or of its file. */
  public static final String NAME = "segtrain.json";

  private static final String FORMAT = "segtrain export ";
  private static final int FORMAT_NUMBER = 1;

  /**
   * Which model it is, and whose weights it has.
   *
   * @param weights where they are from: {@code trained}, {@code new}, or the name of a file
   * @param step optimiser steps of the training by segtrain; 0 for other weights
   * @param device {@code cpu} if it runs on no other; null if it runs on every device
   * @param layers {@code int8} if linear layers and convolutions are; null if they have the
   *     precision
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      String backbone,
      String head,
      String weights,
      long step,
      Precision precision,
      String device,
      String layers) {

    static final String CPU = "cpu";
    static final String INT8 = "int8";

    /** Its arithmetic, for people. */
    public String arithmetic() {
      return layers == null
          ? precision.toString()
          : "%s with layers in %s".formatted(precision, layers);
    }

    /** Where the weights are from, for people. */
    public String origin() {
      return switch (weights) {
        case ExportSource.TRAINED -> "step %d".formatted(step);
        case ExportSource.NEW -> "new weights";
        default -> "weights of " + weights;
      };
    }
  }

  /** A class and its colour, {@code #rrggbb}; beyond the palette it is null. */
  public record Label(int label, String name, String colour) {

    public Label {
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * The preparation of photographs.
   *
   * @param images how they were prepared in training
   * @param trained size of the crops in training; empty if that is not known
   * @param size where the model reads them
   * @param evaluation the views that evaluation averages
   */
  @JsonPropertyOrder({"images", "crop", "size", "evaluation"})
  public record Photographs(
      ImageRules images,
      @JsonIgnore Optional<ImageSize> trained,
      InputSize size,
      Views evaluation) {

    /** As {@code segtrain.json} has it: not at all if it is not known. */
    @JsonProperty("crop")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private ImageSize crop() {
      return trained.orElse(null);
    }
  }

  /**
   * The input of the model.
   *
   * @param colours their order in the array, {@code rgb} or {@code bgr}
   * @param range of colours, before normalisation
   * @param mean by which the caller must normalise them, in that order; null if the file does
   * @param std likewise
   * @param shortestSide of an image, pixels
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Input(
      String name,
      List<String> axes,
      String type,
      String colours,
      List<Integer> range,
      List<Float> mean,
      List<Float> std,
      int shortestSide) {

    /** The largest side of images that a file may be fixed to, pixels. */
    private static final int LARGEST = 8192;

    public Input {
      Objects.requireNonNull(type, "type");
      axes = List.copyOf(axes);
      for (String axis : axes) {
        if (axis.matches("-?\\d+")
            && !(axis.matches("\\d{1,4}") && isSize(Integer.parseInt(axis)))) {
          throw new UsageException(
              "its input has the axis %s, but axes are names, or sizes from 1 to %d"
                  .formatted(axis, LARGEST));
        }
      }
    }

    private static boolean isSize(int pixels) {
      return pixels >= 1 && pixels <= LARGEST;
    }

    private static Input of(InputForm form, ImageRules rules) {
      Port port = form.port(rules);
      boolean normalises = form == InputForm.UINT8;
      return new Input(
          port.name(),
          port.axes(),
          port.type(),
          (normalises ? ChannelOrder.RGB : rules.channels()).toString(),
          List.of(0, 255),
          normalises ? null : Normalization.MEAN,
          normalises ? null : Normalization.STD,
          Backbone.SHORTEST_SIDE);
    }
  }

  /** The description of {@code model} in that form. */
  public static ModelCard of(ExportSource model, Deployment form, String version) {
    return new ModelCard(
        FORMAT + FORMAT_NUMBER,
        version,
        new Model(
            model.backbone(),
            model.head(),
            model.weights(),
            model.step(),
            form.precision(),
            form.optimization().isForCpu() ? Model.CPU : null,
            form.optimization().isInt8() ? Model.INT8 : null),
        labels(model.classes(), model.palette()),
        Sample.VOID,
        Input.of(form.input(), model.photographs().rules()),
        form.output().ports(model.classes().size(), form.confidence()),
        model.model().alignCorners(),
        new Photographs(
            model.photographs().rules(),
            model.photographs().crop(),
            model.photographs().size(),
            model.photographs().views()));
  }

  /**
   * The description that a file has.
   *
   * @param file for sentences
   * @throws DataException if it is of another format, or not whole
   */
  static ModelCard of(Path file, String json) {
    try {
      JsonNode tree = Json.parse(json);
      String format = tree.path("format").asText();
      if (!format.equals(FORMAT + FORMAT_NUMBER)) {
        throw new DataException(
            "the %s of %s has the format \"%s\", but this version reads \"%s\"; export the model again"
                .formatted(NAME, file, format, FORMAT + FORMAT_NUMBER));
      }
      return read(tree, format);
    } catch (JsonProcessingException e) {
      throw notWhole(file, Json.reason(e), e);
    } catch (IllegalArgumentException e) { // a value that is refused
      throw notWhole(file, e.getMessage(), e);
    }
  }

  /** The exception for a description that is not whole. */
  static DataException notWhole(Path file, String why, Exception cause) {
    return new DataException(
        "the %s of %s is not whole: %s; export the model again".formatted(NAME, file, why), cause);
  }

  private static ModelCard read(JsonNode tree, String format) throws JsonProcessingException {
    JsonNode crop = tree.path("crop");
    JsonNode evaluation = tree.path("evaluation"); // files of before have none
    return new ModelCard(
        format,
        Json.read(required(tree, "version"), String.class),
        model(tree),
        labels(list(tree, "classes", Label.class)),
        Json.read(required(tree, "voidLabel"), Integer.class),
        input(required(tree, "input")),
        list(tree, "outputs", Port.class),
        alignCorners(tree),
        new Photographs(
            Json.read(required(tree, "images"), ImageRules.class),
            crop.isMissingNode() ? Optional.empty() : Optional.of(ImageSize.of(crop.asText())),
            Json.read(required(tree, "size"), InputSize.class),
            evaluation.isMissingNode() ? Views.ONE : Json.readWhole(evaluation, Views.class)));
  }

  /** A list of at least one object. */
  private static <T> List<T> list(JsonNode tree, String name, Class<T> type)
      throws JsonProcessingException {
    List<T> all = new ArrayList<>();
    for (JsonNode element : required(tree, name)) {
      all.add(Json.read(object(element, name), type));
    }
    if (all.isEmpty()) {
      throw new UsageException("its \"%s\" is empty".formatted(name));
    }
    return List.copyOf(all);
  }

  private static ObjectNode object(JsonNode node, String name) {
    if (!node.isObject()) {
      throw new UsageException("its \"%s\" has a value that is no object".formatted(name));
    }
    return (ObjectNode) node;
  }

  /** Classes with their colours; up to 255 classes each have one. */
  private static List<Label> labels(List<Label> classes) {
    for (Label label : classes) {
      if (label.colour() != null) {
        DataFiles.colour(label.colour());
      } else if (classes.size() <= Sample.VOID) {
        throw new UsageException("its class \"%s\" has no colour".formatted(label.name()));
      }
    }
    return classes;
  }

  /** Older files do not have it; their head decides it. */
  private static boolean alignCorners(JsonNode tree) throws JsonProcessingException {
    String backbone = tree.path("backbone").asText();
    String head = tree.path("head").asText();
    boolean isPublished =
        Choice.names(BackboneVariant.values()).contains(backbone)
            && Choice.names(HeadVariant.values()).contains(head);
    return (!tree.has("alignCorners") && isPublished)
        ? SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(2)
            .build()
            .alignCorners()
        : Json.read(required(tree, "alignCorners"), Boolean.class);
  }

  /** With nulls for what is absent if the file normalises. */
  private static Input input(JsonNode written) throws JsonProcessingException {
    ObjectNode whole = Json.object();
    whole.putNull("mean").putNull("std").setAll(object(written, "input"));
    return Json.read(whole, Input.class);
  }

  /** What every file has of {@link Model}. */
  private record Common(
      String backbone, String head, String weights, long step, Precision precision) {}

  private static Model model(JsonNode tree) throws JsonProcessingException {
    Common common =
        Json.readWhole(
            some(tree, "backbone", "head", "weights", "step", "precision"), Common.class);
    return new Model(
        common.backbone(),
        common.head(),
        common.weights(),
        common.step(),
        common.precision(),
        known(tree, "device", Model.CPU),
        known(tree, "layers", Model.INT8));
  }

  /** The only value that {@code name} may have; null if the file does not have it. */
  private static String known(JsonNode tree, String name, String only) {
    JsonNode value = tree.path(name);
    if (!value.isMissingNode() && !value.asText().equals(only)) {
      throw new UsageException(
          "its \"%s\" is %s, but may be \"%s\" alone".formatted(name, value, only));
    }
    return value.isMissingNode() ? null : only;
  }

  private static ObjectNode some(JsonNode tree, String... names) {
    ObjectNode part = Json.object();
    for (String name : names) {
      part.set(name, required(tree, name));
    }
    return part;
  }

  private static JsonNode required(JsonNode tree, String name) {
    JsonNode value = tree.path(name);
    if (value.isMissingNode() || value.isNull()) {
      throw new UsageException("it has no \"%s\"".formatted(name));
    }
    return value;
  }

  /** The form of its input. */
  InputForm inputForm() {
    return input.mean() == null ? InputForm.UINT8 : InputForm.FLOAT;
  }

  /** Whether it gives classes rather than scores. */
  boolean givesClasses() {
    return outputs.get(0).name().equals(OutputForm.CLASS_MAP.toString());
  }

  /** Names of the classes. */
  List<String> names() {
    return classes.stream().map(Label::name).toList();
  }

  /** Colours of the classes, of which there are at most 255. */
  Palette palette() {
    return Palette.of(classes.stream().map(label -> DataFiles.colour(label.colour())).toList());
  }

  /** Whether the folder has such a description, of any version. */
  static boolean isIn(Path folder) {
    try {
      String json = Files.readString(folder.resolve(NAME));
      return Json.field(json, "format").startsWith("\"" + FORMAT);
    } catch (IOException e) {
      return false; // or what is there is no JSON
    }
  }

  private static List<Label> labels(List<String> names, Palette palette) {
    int coloured = palette.classes(); // palettes end at 255
    return IntStream.range(0, names.size())
        .mapToObj(k -> new Label(k, names.get(k), k < coloured ? palette.hex(k) : null))
        .toList();
  }

  /** JSON, several lines. */
  public String json() {
    return Json.page(this);
  }
}
