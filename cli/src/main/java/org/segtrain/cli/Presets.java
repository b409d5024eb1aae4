package org.segtrain.cli;

import java.util.Collections;
import java.util.Enumeration;
import java.util.ResourceBundle;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.export.ExportFormat;
import org.segtrain.heads.HeadVariant;
import org.segtrain.names.Choice;

/**
 * The names and numbers in {@code --help}, looked up where they are defined, and only when they are
 * shown: that loads the engine's classes.
 */
public final class Presets extends ResourceBundle {

  /** Used by {@link ResourceBundle#getBundle(String)}. */
  public Presets() {}

  @Override
  protected Object handleGetObject(String key) {
    return switch (key) {
      case "backbones" -> names(BackboneVariant.values());
      case "heads" -> names(HeadVariant.values());
      case "datasets" -> names(DatasetVariant.values());
      case "formats" -> names(ExportFormat.values());
      case "input" -> Defaults.INPUT.toString();
      case "output" -> Defaults.OUTPUT.toString();
      case "export-precision" -> Defaults.EXPORT_PRECISION.toString();
      case "head" -> Defaults.HEAD.toString();
      case "dataset" -> Defaults.DATASET.toString();
      case "device" -> Defaults.device();
      case "iterations" -> Defaults.perDataset(TrainConfig::iterations);
      case "batch" -> Defaults.perDataset(TrainConfig::batch);
      case "accumulate" -> Defaults.perDataset(TrainConfig::accumulate);
      case "crop" -> Defaults.perDataset(TrainConfig::crop);
      case "min-scale" -> Defaults.perDataset(TrainConfig::minScale);
      case "max-scale" -> Defaults.perDataset(TrainConfig::maxScale);
      case "images" -> Defaults.perDataset(TrainConfig::images);
      case "power" -> Defaults.perDataset(TrainConfig::power);
      case "photometric" -> Defaults.perDataset(TrainConfig::photometric);
      case "lr" -> Defaults.perDataset(TrainConfig::learningRate);
      case "weight-decay" -> Defaults.perDataset(TrainConfig::weightDecay);
      case "warmup" -> Defaults.perDataset(TrainConfig::warmup);
      case "clip" -> Defaults.perDataset(TrainConfig::clip);
      case "class-balance" -> Defaults.perDataset(TrainConfig::classBalance);
      case "loss-mean" -> Defaults.perDataset(TrainConfig::lossMean);
      case "seed" -> Defaults.perDataset(TrainConfig::seed);
      case "eval-every" -> Defaults.perDataset(TrainConfig::evalEvery);
      default -> null;
    };
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.emptyEnumeration(); // no texts of picocli's own are replaced
  }

  /** "pvt_tiny, pvt_small". */
  static String names(Object[] values) {
    return String.join(", ", Choice.names(values));
  }
}
