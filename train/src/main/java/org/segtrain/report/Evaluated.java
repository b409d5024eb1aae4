package org.segtrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.metrics.Figure;

/**
 * An evaluation, as a line of the log has it. Unknown figures are NaN.
 *
 * @param step optimiser steps made
 * @param figures by their names in the log, such as {@code mean_iou}, 0-1
 * @param low of the 95 % confidence interval of mIoU
 * @param high of it
 */
record Evaluated(long step, Map<String, Double> figures, double low, double high) {

  /** The figures of the log, by their names on the page. */
  static final Map<Figure, String> NAMES = names();

  private static Map<Figure, String> names() {
    Map<Figure, String> names = new LinkedHashMap<>();
    names.put(Figure.MEAN_IOU, "mean_iou");
    names.put(Figure.MEAN_ACCURACY, "mean_accuracy");
    names.put(Figure.ACCURACY, "accuracy");
    names.put(Figure.MEAN_BOUNDARY_IOU, "mean_boundary_iou");
    names.put(Figure.MEAN_F1, "mean_f1");
    names.put(Figure.FREQUENCY_WEIGHTED_IOU, "frequency_weighted_iou");
    return names;
  }

  static Evaluated of(long step, JsonNode line) {
    Map<String, Double> figures = new LinkedHashMap<>();
    NAMES.values().forEach(name -> figures.put(name, line.path(name).asDouble(Double.NaN)));
    JsonNode interval = line.path("mean_iou_interval");
    return new Evaluated(
        step,
        figures,
        interval.path(0).asDouble(Double.NaN),
        interval.path(1).asDouble(Double.NaN));
  }

  /** A figure of it; NaN if the log of an older version lacks it. */
  double of(Figure figure) {
    return figures.get(NAMES.get(figure));
  }
}
