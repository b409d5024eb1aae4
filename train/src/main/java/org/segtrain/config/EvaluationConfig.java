package org.segtrain.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segtrain.augment.Edges;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.errors.UsageException;
import org.segtrain.images.InputSize;
import org.segtrain.metrics.Averaging;

/**
 * How a model is run on whole photographs. The scores of windows are averaged where they overlap,
 * as MMSegmentation does.
 *
 * @param size edges that photographs are resized to, as in {@code 2048x512}; {@code original} for
 *     their own size; empty for {@code data.scale}, or the size of HRFormer's rules
 * @param divisor both edges are then rounded up to multiples of this; 0 follows {@code data.images}
 * @param padded whether edges are rounded up by padding rather than by resizing, with a divisor
 * @param scales factors of the size; their predictions are averaged
 * @param flip whether the mirrored photograph is averaged too, at each scale
 * @param average the values that are averaged
 * @param window height and width of the windows that a photograph is cut into, as in {@code
 *     512x512}; empty for whole photographs
 * @param stride from window to window, written likewise; empty for two thirds of the window
 */
public record EvaluationConfig(
    String size,
    int divisor,
    boolean padded,
    List<Double> scales,
    boolean flip,
    Averaging average,
    String window,
    String stride) {

  /** Photographs at their own size. */
  public static final String ORIGINAL = "original";

  private static final int MOST_SCALES = 32;
  private static final int LARGEST_DIVISOR = 1024;

  /**
   * A window that slides over a photograph.
   *
   * @param size of it
   * @param stride from place to place, at most as large
   */
  public record Window(ImageSize size, ImageSize stride) {

    /** A window that moves by two thirds of its size, as MMSegmentation's usual ones do. */
    public static Window of(ImageSize size) {
      return new Window(size, new ImageSize(size.height() * 2 / 3, size.width() * 2 / 3));
    }
  }

  public EvaluationConfig {
    scales = List.copyOf(scales);
    if (!size.isEmpty() && !size.equals(ORIGINAL)) {
      Edges.of("evaluation.size", ", or " + ORIGINAL, size);
    }
    Checks.within("evaluation.divisor", divisor, 0, LARGEST_DIVISOR);
    if (padded && divisor == 0) {
      throw new UsageException(
          "evaluation.padded is true, but evaluation.divisor is 0, so there is nothing to pad to;"
              + " give a divisor such as 32");
    }
    if (scales.isEmpty() || scales.size() > MOST_SCALES) {
      throw new UsageException(
          "evaluation.scales must have 1 to %d factors, but has %d"
              .formatted(MOST_SCALES, scales.size()));
    }
    for (double scale : scales) {
      Checks.within(
          "evaluation.scales", scale, DataConfig.SMALLEST_SCALE, DataConfig.LARGEST_SCALE);
    }
    sliding(window, stride);
  }

  private static Optional<Window> sliding(String window, String stride) {
    if (window.isEmpty()) {
      if (!stride.isEmpty()) {
        throw new UsageException(
            "evaluation.stride is %s, but there is no evaluation.window; give both"
                .formatted(stride));
      }
      return Optional.empty();
    }
    ImageSize size = ImageSize.of("evaluation.window", window);
    if (size.shortEdge() < Backbone.SHORTEST_SIDE) {
      throw new UsageException(
          "evaluation.window must be at least %1$d x %1$d pixels, but is %2$s"
              .formatted(Backbone.SHORTEST_SIDE, size));
    }
    ImageSize step =
        stride.isEmpty() ? Window.of(size).stride() : ImageSize.of("evaluation.stride", stride);
    if (step.height() > size.height() || step.width() > size.width()) {
      throw new UsageException(
          "evaluation.stride is %s, larger than evaluation.window, %s, so pixels would be left out; lower it"
              .formatted(step, size));
    }
    return Optional.of(new Window(size, step));
  }

  /** The window that slides over photographs, if one does. */
  public Optional<Window> sliding() {
    return sliding(window, stride);
  }

  /** The size at which photographs are evaluated, at the scale 1. */
  public InputSize inputSize(DataConfig data) {
    InputSize wanted = wanted(data);
    return divisor == 0 ? wanted : wanted.rounded(divisor, padded);
  }

  private InputSize wanted(DataConfig data) {
    if (size.isEmpty()) {
      return data.images().inputSize(data.sizes().scale());
    }
    InputSize own = data.images().ofOwnSize();
    if (size.equals(ORIGINAL)) {
      return own;
    }
    Edges edges = Edges.of("evaluation.size", ", or " + ORIGINAL, size);
    return new InputSize(edges.shortEdge(), edges.longEdge(), 0, own.multiple(), own.padded());
  }

  /**
   * The sizes and directions whose predictions are averaged; one if there is nothing to average.
   */
  public List<Fitting> views(DataConfig data) {
    InputSize input = inputSize(data);
    List<Fitting> views = new ArrayList<>();
    for (double scale : scales) {
      views.add(new Fitting(input, scale, false));
      if (flip) {
        views.add(new Fitting(input, scale, true));
      }
    }
    return views;
  }
}
