package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.segtrain.augment.Edges;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.engine.internal.RandomNumbers;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.InputSize;
import org.segtrain.inference.TrainedModel;

/**
 * A model to export, with the facts that its users need.
 *
 * @param owner of the model, closed with this
 * @param backbone name of a backbone variant
 * @param head name of a head variant
 * @param classes their names
 * @param palette their colours, of the first 255 if there are more
 * @param photographs how they were prepared
 * @param weights where they are from: {@code trained}, {@code new}, or the name of a file
 * @param step optimiser steps made by segtrain
 */
public record ExportSource(
    AutoCloseable owner,
    SegmentationModel model,
    String backbone,
    String head,
    List<String> classes,
    Palette palette,
    Photographs photographs,
    String weights,
    long step)
    implements AutoCloseable {

  static final String TRAINED = "trained";
  static final String NEW = "new";

  private static final int MOST_CLASSES = 10_000;

  /**
   * The preparation of photographs for a model.
   *
   * @param crop size of the crops in training; empty if that is not known
   * @param size of photographs in evaluation; their own if that is not known
   * @param views of a photograph that evaluation averages
   */
  public record Photographs(
      ImageRules rules, Optional<ImageSize> crop, InputSize size, Views views) {

    /** As in evaluation. */
    public static Photographs of(TrainConfig config) {
      return new Photographs(
          config.data().images(),
          Optional.of(config.data().crop()),
          config.inputSize(),
          Views.of(config.evaluation()));
    }

    /**
     * Trained with square crops of that size, and evaluated at it by those rules.
     *
     * @throws UsageException if no backbone reads images as small
     */
    public static Photographs of(ImageRules rules, int crop) {
      if (crop < Backbone.SHORTEST_SIDE) {
        throw new UsageException(
            "data.crop must be at least %1$d x %1$d pixels, but is %2$d"
                .formatted(Backbone.SHORTEST_SIDE, crop));
      }
      return new Photographs(
          rules,
          Optional.of(ImageSize.square(crop)),
          rules.inputSize(Edges.ofShort(crop)),
          Views.ONE);
    }

    /** At their own size, since none of evaluation is known. */
    public static Photographs ofOwnSize(ImageRules rules) {
      return new Photographs(rules, Optional.empty(), rules.ofAnySize(), Views.ONE);
    }
  }

  /** Whose classes have colours of no data set. */
  public ExportSource(
      AutoCloseable owner,
      SegmentationModel model,
      String backbone,
      String head,
      List<String> classes,
      Photographs photographs,
      String weights,
      long step) {
    this(
        owner,
        model,
        backbone,
        head,
        classes,
        Palette.of(Math.min(classes.size(), Sample.VOID)),
        photographs,
        weights,
        step);
  }

  /** A trained model, which this closes. */
  public static ExportSource of(TrainedModel trained) {
    TrainConfig config = trained.config();
    return new ExportSource(
        trained,
        trained.model(),
        config.model().backbone(),
        config.model().head(),
        trained.classes(),
        DatasetVariant.palette(config, trained.classes().size()),
        Photographs.of(config),
        TRAINED,
        trained.step());
  }

  /**
   * A model with new weights, on the CPU, whose classes have no names.
   *
   * @param classes how many
   * @param seed equal ones give equal weights
   */
  public static ExportSource fresh(
      BackboneVariant backbone, HeadVariant head, int classes, long seed) {
    return fresh(
        backbone, head, false, names(classes), Photographs.ofOwnSize(ImageRules.ALIGNED), seed);
  }

  /** Names for classes that have none. */
  public static List<String> names(int classes) {
    if (classes < 1 || classes > MOST_CLASSES) {
      throw new UsageException(
          "classes must be from 1 to %d, but is %d".formatted(MOST_CLASSES, classes));
    }
    return IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
  }

  /**
   * A model with new weights, on the CPU.
   *
   * @param oneLogit whether there is one logit for two classes
   * @param classes their names
   * @param photographs how they are prepared
   * @param seed equal ones give equal weights
   */
  @SuppressWarnings("try") // the random numbers are there to be closed
  public static ExportSource fresh(
      BackboneVariant backbone,
      HeadVariant head,
      boolean oneLogit,
      List<String> classes,
      Photographs photographs,
      long seed) {
    NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(classes.size())
            .optOneLogit(oneLogit)
            .build();
    try (RandomNumbers own = RandomNumbers.of((int) seed)) {
      model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    }
    return new ExportSource(
        manager, model, backbone.toString(), head.toString(), classes, photographs, NEW, 0);
  }

  /**
   * The same with other weights; its own are lost. Either may be closed.
   *
   * @param lines gets the report of loading
   * @throws org.segtrain.errors.DataException if they cannot be read, or are not all there
   */
  public ExportSource loaded(WeightsSource source, Consumer<String> lines) {
    source.predictWith(model).lines().forEach(lines);
    String name = String.valueOf(Path.of(source.file()).getFileName());
    return new ExportSource(owner, model, backbone, head, classes, palette, photographs, name, 0);
  }

  /** The model as it is to be used. */
  DeployedModel deployed(Deployment form) {
    form.check(classes.size());
    return new DeployedModel(model, photographs.rules(), form);
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the model cannot be closed", e);
    }
  }
}
