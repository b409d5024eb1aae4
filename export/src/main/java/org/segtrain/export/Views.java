package org.segtrain.export;

import java.util.List;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.Overlay;
import org.segtrain.metrics.Averaging;

/**
 * The views of a photograph that evaluation averages, in the words of {@link EvaluationConfig}.
 *
 * @param scales factors of the size
 * @param flip whether the mirrored photograph is averaged too
 * @param average the values that are averaged
 * @param window height and width of windows; empty for whole photographs
 * @param stride from window to window; empty for two thirds of the window
 */
public record Views(
    List<Double> scales, boolean flip, Averaging average, String window, String stride) {

  /** The whole photograph at its size. */
  public static final Views ONE = new Views(List.of(1.0), false, Averaging.PROBABILITIES, "", "");

  public Views {
    scales = List.copyOf(scales);
  }

  static Views of(EvaluationConfig evaluation) {
    return new Views(
        evaluation.scales(),
        evaluation.flip(),
        evaluation.average(),
        evaluation.window(),
        evaluation.stride());
  }

  Overlay over(Overlay values) {
    return values
        .with("evaluation.scales", scales)
        .with("evaluation.flip", flip)
        .with("evaluation.average", average)
        .with("evaluation.window", window)
        .with("evaluation.stride", stride);
  }
}
