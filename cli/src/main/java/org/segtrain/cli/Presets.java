package org.segtrain.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ResourceBundle;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.train.DatasetVariant;
import org.segtrain.train.ParameterGroups;
import org.segtrain.train.Precision;
import org.segtrain.train.TrainConfig;

/** The values of options that are not given, as {@code --help} shows them: read, never repeated. */
public final class Presets extends ResourceBundle {

  static final List<String> DEVICES = List.of("auto", "cpu", "gpu");
  static final String DEVICE = DEVICES.get(0);
  static final HeadVariant HEAD = HeadVariant.FPN;
  static final DatasetVariant DATASET = DatasetVariant.SHAPES;
  static final Precision PRECISION = Precision.FP32;
  private static final int WARMUP = 100;
  private static final double WEIGHT_DECAY = 1e-4;
  private static final double CLIP = 1;

  /** Used by {@link ResourceBundle#getBundle(String)}. */
  public Presets() {}

  /** Processors that this process may use. */
  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Threads that prepare batches. */
  static int workers() {
    return Math.max(1, cores() / 2);
  }

  /** What is trained if nothing but the model and the data is given. */
  static TrainConfig config(
      BackboneVariant backbone, HeadVariant head, DatasetVariant dataset, Path data) {
    return new TrainConfig(
        backbone.toString(),
        head.toString(),
        dataset.toString(),
        data == null ? null : data.toString(),
        dataset.iterations(),
        dataset.batch(),
        1,
        dataset.crop(),
        dataset.learningRate(),
        WARMUP,
        WEIGHT_DECAY,
        CLIP,
        backbone.dropPath(),
        head.dropout(),
        PRECISION,
        0,
        dataset.evalEvery(),
        ParameterGroups.STANDARD);
  }

  @Override
  protected Object handleGetObject(String key) {
    return switch (key) {
      case "backbones" -> names(BackboneVariant.values());
      case "heads" -> names(HeadVariant.values());
      case "datasets" -> names(DatasetVariant.values());
      case "head" -> HEAD.toString();
      case "dataset" -> DATASET.toString();
      case "device" -> DEVICE;
      case "precision" -> PRECISION.toString();
      case "threads" -> "the number of cores";
      case "workers" -> "half the number of cores";
      case "iterations" -> perDataset(DatasetVariant::iterations);
      case "batch" -> perDataset(DatasetVariant::batch);
      case "crop" -> perDataset(DatasetVariant::crop);
      case "lr" -> perDataset(DatasetVariant::learningRate);
      case "weight-decay" -> plain(WEIGHT_DECAY);
      case "warmup" -> plain(WARMUP);
      case "clip" -> plain(CLIP);
      case "eval-every" -> perDataset(DatasetVariant::evalEvery);
      default -> null;
    };
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.emptyEnumeration(); // no texts of picocli's own are replaced
  }

  static String names(Object[] values) {
    return String.join(", ", Choice.names(values));
  }

  /** One value if it is the same for all data sets, else each with its name. */
  private static String perDataset(Function<DatasetVariant, Number> preset) {
    List<DatasetVariant> datasets = List.of(DatasetVariant.values());
    if (datasets.stream().map(preset).distinct().count() == 1) {
      return plain(preset.apply(datasets.get(0)));
    }
    return datasets.stream()
        .map(dataset -> dataset + " " + plain(preset.apply(dataset)))
        .collect(Collectors.joining(", "));
  }

  /** 0.0002 rather than 2.0E-4. */
  private static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }
}
