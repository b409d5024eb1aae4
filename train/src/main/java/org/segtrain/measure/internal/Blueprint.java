package org.segtrain.measure.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.TrainedModel;
import org.segtrain.recipes.Recipe;

/** The model of a recipe to be counted: its weights are zero. */
public final class Blueprint implements AutoCloseable {

  private static final int CLASSES = 150; // of ADE20K
  private static final String AUXILIARY = "auxiliary_head";

  private final NDManager manager = NDManager.newBaseManager();
  private final SegmentationModel model;

  private Blueprint(SegmentationModel model) {
    this.model = model;
    model.setInitializer(Initializer.ZEROS, Parameter::requiresGradient);
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
  }

  /** The model of {@code recipe}. */
  public static Blueprint of(Recipe recipe) {
    return of(recipe.backbone(), recipe.head(), CLASSES);
  }

  /** The model of {@code config}. */
  public static Blueprint of(TrainConfig config, int classes) {
    return new Blueprint(TrainedModel.of(config, classes));
  }

  /** A model of those parts. */
  private static Blueprint of(BackboneVariant backbone, HeadVariant head, int classes) {
    return new Blueprint(
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(classes)
            .build());
  }

  /** The model. */
  public SegmentationModel model() {
    return model;
  }

  /** The shapes of what learns, by name. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    StateDict.of(model)
        .forEach(
            (name, parameter) -> {
              if (parameter.requiresGradient()) {
                shapes.put(name, parameter.getShape());
              }
            });
    return shapes;
  }

  /** Numbers that learn, those of auxiliary heads among them, as papers count them. */
  public long parameters() {
    return parameters("");
  }

  /** Those of auxiliary heads, which only training uses. */
  public long auxiliaryParameters() {
    return parameters(AUXILIARY);
  }

  private long parameters(String prefix) {
    return shapes().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> entry.getValue().size())
        .sum();
  }

  /** Multiplications with addition of inference with one image of that size, pixels. */
  public long multiplyAdds(int height, int width) {
    return MultiplyAdds.of(model, manager, height, width);
  }

  @Override
  public void close() {
    manager.close();
  }
}
