package org.segtrain.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.BatchNorm;

/**
 * A model of this build, to be filled and run as the reference's were. Nothing is dropped at
 * random.
 */
final class ParityModel implements AutoCloseable {

  private static final Shape ANY_IMAGE = new Shape(1, 3, 64, 64);
  private static final String BACKBONE = "backbone.";

  /** Heads that the reference's files call otherwise. */
  private static final Map<String, String> HEADS =
      Map.of("semfpn", "fpn", "segformer768", "segformer_768");

  private final NDManager manager;
  private final Block block;
  private final DataType type;
  private final Map<String, Parameter> state;
  private Filling filling;

  private ParityModel(Block block, Device device, DataType type) {
    this.manager = NDManager.newBaseManager(device);
    this.block = block;
    this.type = type;
    block.initialize(manager, type, ANY_IMAGE);
    this.state = StateDict.of(block);
  }

  /**
   * The model of that backbone and head.
   *
   * @param head null for the bare backbone
   * @param type of all arrays
   * @throws UnknownModelException if this build does not have it
   */
  static ParityModel of(String backbone, String head, Device device, DataType type) {
    try {
      BackboneVariant variant = BackboneVariant.of(backbone);
      if (head == null) {
        return new ParityModel(variant.config().build(0), device, type);
      }
      HeadVariant headVariant = HeadVariant.of(HEADS.getOrDefault(head, head));
      return new ParityModel(
          SegmentationModel.builder()
              .setBackbone(variant)
              .setHead(headVariant)
              .setClasses(Labels.CLASSES)
              .optDropPath(0)
              .optDropout(0)
              .build(),
          device,
          type);
    } catch (UsageException e) {
      throw new UnknownModelException(e.getMessage(), e);
    }
  }

  /** Fills all weights and statistics; of those that it filled before only the statistics. */
  void fill(Filling with) {
    boolean all = with != filling;
    filling = with;
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> targets = new ArrayList<>();
      List<NDArray> sources = new ArrayList<>();
      state.forEach(
          (name, parameter) -> {
            NDArray array = parameter.getArray();
            boolean changes = all || !parameter.requiresGradient();
            if (array.getDataType() == type && changes) {
              String bare = name.startsWith(BACKBONE) ? name.substring(BACKBONE.length()) : name;
              targets.add(array);
              Shape shape = array.getShape();
              sources.add(create(scope, filling.weights(bare, shape), shape));
            }
          });
      if (!targets.isEmpty()) { // a model without batch norm has no statistics
        ArrayLists.copy(targets, sources);
      }
    }
  }

  /** An array of the model's type and device. */
  NDArray create(NDManager scope, float[] values, Shape shape) {
    return scope.create(values, shape).toType(type, false);
  }

  /** The model itself. */
  Block block() {
    return block;
  }

  /** Whether batch norm uses its running statistics in training passes. */
  void freezeStatistics(boolean freeze) {
    for (Block part : StateDict.blocks(block).values()) {
      if (part instanceof BatchNorm batchNorm) {
        batchNorm.freezeStatistics(freeze);
      }
    }
  }

  /** The type of all arrays. */
  DataType type() {
    return type;
  }

  /** The mark of its sections, unless it is in float32. */
  String precision() {
    return type == DataType.FLOAT32 ? "" : ", " + type.name().toLowerCase(Locale.ROOT);
  }

  NDList forward(ParameterStore parameters, NDArray image, boolean training) {
    return block.forward(parameters, new NDList(image), training);
  }

  /** The loss of the given outputs. */
  Losses losses(NDList outputs, Shape image, int step) {
    return block instanceof SegmentationModel model
        ? Losses.ofLogits(outputs, Labels.of(image, step), model)
        : Losses.ofMaps(outputs);
  }

  /** Parameters and statistics by name. */
  Map<String, Parameter> state() {
    return state;
  }

  /** The parameters that are learned, by name. */
  Map<String, NDArray> learned() {
    return arrays(Parameter::requiresGradient);
  }

  /** The values of parameters and statistics, by name. */
  Map<String, NDArray> arrays() {
    return arrays(parameter -> true);
  }

  private Map<String, NDArray> arrays(Predicate<Parameter> wanted) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    state.forEach(
        (name, parameter) -> {
          if (wanted.test(parameter)) {
            arrays.put(name, parameter.getArray());
          }
        });
    return arrays;
  }

  /** The weight in the loss of the scores of that place among the outputs. */
  double lossWeight(int output) {
    return ((SegmentationModel) block).lossWeights().get(output);
  }

  /** The blocks inside, by path. */
  Map<String, Block> blocks() {
    return StateDict.blocks(block);
  }

  NDManager manager() {
    return manager;
  }

  @Override
  public void close() {
    manager.close();
  }
}
