package org.segtrain.export;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.Regularization;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.train.TrainConfig;
import org.segtrain.train.TrainedModel;
import org.segtrain.train.WeightsSource;

/**
 * A model to export, with what is to be known of it where it is used.
 *
 * @param owner of the model, closed with this
 * @param backbone name of a backbone variant
 * @param head name of a head variant
 * @param classes their names
 * @param images how photographs became what it reads
 * @param crop side of the training crops, to which photographs were resized; null if untrained
 * @param step optimiser steps made
 */
public record Original(
    AutoCloseable owner,
    SegmentationModel model,
    String backbone,
    String head,
    List<String> classes,
    ImageRules images,
    Integer crop,
    long step)
    implements AutoCloseable {

  private static final int MOST_CLASSES = 10_000;

  /** A trained model, which this closes. */
  public static Original of(TrainedModel trained) {
    TrainConfig config = trained.config();
    return new Original(
        trained,
        trained.model(),
        config.backbone(),
        config.head(),
        trained.classes(),
        config.images(),
        config.crop(),
        trained.step());
  }

  /**
   * A model with new weights, on the CPU, whose classes have no names.
   *
   * @param classes how many
   * @param seed equal ones give equal weights
   */
  public static Original fresh(BackboneVariant backbone, HeadVariant head, int classes, long seed) {
    return fresh(backbone, head, names(classes), ImageRules.ALIGNED, seed);
  }

  /** Names for classes that have none. */
  public static List<String> names(int classes) {
    if (classes < 1 || classes > MOST_CLASSES) {
      throw new IllegalArgumentException(
          "classes must be from 1 to %d, but is %d".formatted(MOST_CLASSES, classes));
    }
    return IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
  }

  /**
   * A model with new weights, on the CPU.
   *
   * @param classes their names
   * @param images how photographs become what it reads
   * @param seed equal ones give equal weights
   */
  public static Original fresh(
      BackboneVariant backbone,
      HeadVariant head,
      List<String> classes,
      ImageRules images,
      long seed) {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed((int) seed);
    NDManager manager = engine.newBaseManager(Device.cpu());
    Regularization published = new Regularization(backbone.dropPath(), head.dropout());
    SegmentationModel model = SegmentationModel.of(backbone, head, classes.size(), published);
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    return new Original(
        manager, model, backbone.toString(), head.toString(), classes, images, null, 0);
  }

  /**
   * Puts weights of others in the place of its own, and says what became of them, in lines.
   *
   * @throws org.segtrain.errors.DataException if they cannot be read, or are not all there
   */
  public List<String> load(WeightsSource weights) {
    return weights.predictWith(model).lines();
  }

  /** The model as it is to be used. */
  DeployedModel deployed(Deployment form) {
    form.check(classes.size());
    return new DeployedModel(model, images, form);
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the model cannot be closed", e);
    }
  }
}
