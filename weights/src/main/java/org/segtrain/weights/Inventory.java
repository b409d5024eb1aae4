package org.segtrain.weights;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;

/**
 * The names of a model's state dict.
 *
 * @param shapes of every array, by its name
 * @param repeats further names of some of them, each with the name in {@code shapes}
 */
record Inventory(Map<String, Shape> shapes, Map<String, String> repeats) {

  private static final Shape ANY_IMAGE = new Shape(1, 3, -1, -1);

  /** Of a block that is initialised. */
  static Inventory of(Block block) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    StateDict.of(block)
        .forEach((name, parameter) -> shapes.put(name, parameter.getArray().getShape()));
    return new Inventory(shapes, StateDict.repeats(block));
  }

  /** Of a backbone. */
  static Inventory of(BackboneVariant variant) {
    return ofNew(variant.config().build(0));
  }

  /** Of a model of that many classes. */
  static Inventory of(BackboneVariant backbone, HeadVariant head, int classes) {
    return of(backbone, head, classes, false);
  }

  /** Of a model of that many classes, which may have one logit for two. */
  static Inventory of(BackboneVariant backbone, HeadVariant head, int classes, boolean oneLogit) {
    return ofNew(
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(classes)
            .optOneLogit(oneLogit)
            .build());
  }

  /** Every weight is one number seen from everywhere, so the largest model takes no memory. */
  private static Inventory ofNew(Block block) {
    try (NDManager manager = NDManager.newBaseManager()) {
      block.setInitializer(
          (own, shape, type) -> own.zeros(new Shape(), type).broadcast(shape),
          parameter -> parameter.requiresGradient());
      block.initialize(manager, DataType.FLOAT32, ANY_IMAGE);
      return of(block);
    }
  }

  /** The name of an array, whichever of its names is given. */
  String own(String name) {
    return repeats.getOrDefault(name, name);
  }

  /** The shape of every array under each of its names. */
  Map<String, Shape> everyName() {
    Map<String, Shape> all = new LinkedHashMap<>(shapes);
    repeats.forEach((again, name) -> all.put(again, shapes.get(name)));
    return all;
  }

  /** Whether it is a whole model and no bare backbone. */
  boolean isModel() {
    return Names.areOfModel(shapes.keySet());
  }
}
