package org.segtrain.cli.options;

import java.util.Collections;
import java.util.Enumeration;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.export.ExportFormat;
import org.segtrain.heads.HeadVariant;
import org.segtrain.loss.internal.LossTerms;
import org.segtrain.names.Choice;

/**
 * The names and numbers in {@code --help}, looked up where they are defined, and only when they are
 * shown: that loads the engine's classes.
 */
public final class Presets extends ResourceBundle {

  /** A key of a configuration, as {@code segtrain config} lists them; picocli asks for others. */
  private static final Pattern KEY =
      Pattern.compile(
          "(model|data|augmentation|files|schedule|optimizer|loss|run|fineTuning)\\.\\w+");

  /** Used by {@link ResourceBundle#getBundle(String)}. */
  public Presets() {}

  @Override
  protected Object handleGetObject(String key) {
    return switch (key) {
      case "backbones" -> names(BackboneVariant.values());
      case "heads" -> names(HeadVariant.values());
      case "datasets" -> names(DatasetVariant.values());
      case "losses" -> String.join(", ", LossTerms.names());
      case "formats" -> names(ExportFormat.values());
      case "input" -> Defaults.INPUT.toString();
      case "output" -> Defaults.OUTPUT.toString();
      case "export-precision" -> Defaults.EXPORT_PRECISION.toString();
      case "head" -> Defaults.HEAD.toString();
      case "dataset" -> Defaults.DATASET.toString();
      case "device" -> Defaults.device();
      default -> KEY.matcher(key).matches() ? Defaults.perDataset(key) : null;
    };
  }

  @Override
  public Enumeration<String> getKeys() {
    return Collections.emptyEnumeration(); // no texts of picocli's own are replaced
  }

  /** "pvt_tiny, pvt_small". */
  public static String names(Object[] values) {
    return String.join(", ", Choice.names(values));
  }
}
