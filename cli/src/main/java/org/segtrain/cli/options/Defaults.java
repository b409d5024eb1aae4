package org.segtrain.cli.options;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Configuration;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.InputForm;
import org.segtrain.export.OutputForm;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Settings;

/** The defaults of options. */
public final class Defaults {

  public static final HeadVariant HEAD = HeadVariant.FPN;
  public static final DatasetVariant DATASET = DatasetVariant.SHAPES;
  public static final InputForm INPUT = InputForm.FLOAT;
  public static final OutputForm OUTPUT = OutputForm.LOGITS;
  public static final Precision EXPORT_PRECISION = Precision.FP32;
  public static final List<String> DEVICES = List.of("auto", "cpu", "gpu");

  /** Types of numbers that files of weights are written in. */
  public static final List<String> STORED_TYPES = List.of("f32", "f16", "bf16");

  private Defaults() {}

  /** The default input in that format. */
  public static InputForm input(ExportFormat format) {
    return format == ExportFormat.DJL ? InputForm.UINT8 : INPUT;
  }

  /** The default output in that format. */
  public static OutputForm output(ExportFormat format) {
    return format == ExportFormat.DJL ? OutputForm.CLASS_MAP : OUTPUT;
  }

  public static String device() {
    return DEVICES.get(0);
  }

  /** Processors that this process may use. */
  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Threads that prepare batches. */
  public static int workers() {
    return Math.max(1, cores() / 2);
  }

  /** The value of a key if it is the same with all data sets, else those that differ by name. */
  public static String perDataset(String key) {
    Map<String, String> values = new LinkedHashMap<>();
    OfDatasets.TEXTS.forEach((dataset, texts) -> values.put(dataset, texts.get(key)));
    Set<String> different = new LinkedHashSet<>(values.values());
    if (different.size() == 1) {
      return String.join("", different);
    }
    String usual = values.get(DatasetVariant.ADE20K.toString());
    values.values().removeIf(usual::equals);
    return values.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "))
        + ", others "
        + usual;
  }

  /** The values of each data set by their keys; made once, since a help asks for forty of them. */
  private static final class OfDatasets {

    static final Map<String, Map<String, String>> TEXTS = new LinkedHashMap<>();

    static {
      for (DatasetVariant dataset : DatasetVariant.values()) {
        Settings settings = Settings.of(BackboneVariant.PVT_TINY, HEAD, dataset);
        TEXTS.put(dataset.toString(), Configuration.texts(settings.config()));
      }
    }
  }
}
