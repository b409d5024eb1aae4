package org.segtrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.segtrain.metrics.Figure;

/**
 * The log of a run, in memory that does not grow with its steps: each series of the steps thinned,
 * and all evaluations.
 */
public final class RunHistory {

  private static final String LOSS = "loss";
  private static final String PARTS = "losses";
  private static final String SPEED = "images_per_s";

  private final Map<String, Thinned> series = new LinkedHashMap<>();
  private final List<Evaluated> evaluations = new ArrayList<>();
  private final List<Double> resumed = new ArrayList<>();
  private long step;
  private double secondsPerImage; // summed over the steps that say it
  private long timed; // steps that say it

  /**
   * Adds all lines of a log; lines that are none of a run's are left out.
   *
   * @throws org.segtrain.errors.DataException if it is there and cannot be read
   */
  public void read(Path log) {
    try {
      RunLines.each(log, this::add);
    } catch (IOException e) {
      throw new IllegalStateException("adding a line reads and writes nothing", e);
    }
  }

  /** Adds a line of the log. */
  public void add(JsonNode line) {
    if (!line.path("step").isIntegralNumber() || line.path("step").asLong() < step) {
      return;
    }
    step = line.path("step").asLong();
    if (line.path("resumed").asBoolean()) {
      resumed.add((double) step);
    } else if (line.has("mean_iou")) {
      evaluations.add(Evaluated.of(step, line));
    } else if (line.path(LOSS).isNumber()) {
      addStep(line);
    }
  }

  private void addStep(JsonNode line) {
    line.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNumber() && !entry.getKey().equals("step")) {
                series(entry.getKey()).add(step, entry.getValue().asDouble());
              }
            });
    JsonNode parts = line.path(PARTS);
    for (int i = 0; i < parts.size(); i++) {
      series(PARTS + i).add(step, parts.get(i).asDouble(Double.NaN));
    }
    double speed = line.path(SPEED).asDouble();
    if (speed > 0) {
      secondsPerImage += 1 / speed;
      timed++;
    }
  }

  private Thinned series(String name) {
    return series.computeIfAbsent(name, unused -> new Thinned());
  }

  /** A number of the steps, by its name in the log; empty if they lack it. */
  Thinned of(String name) {
    return series.getOrDefault(name, new Thinned());
  }

  /** The parts of the loss, in the order of the model's scores; none if there is one alone. */
  List<Thinned> parts() {
    List<Thinned> parts = new ArrayList<>();
    for (int i = 0; series.containsKey(PARTS + i); i++) {
      parts.add(series.get(PARTS + i));
    }
    return parts.size() > 1 ? List.copyOf(parts) : List.of();
  }

  /** Optimiser steps made. */
  long step() {
    return step;
  }

  /** The steps after which the run was resumed. */
  List<Double> resumed() {
    return Collections.unmodifiableList(resumed);
  }

  /** All evaluations, in order. */
  List<Evaluated> evaluations() {
    return Collections.unmodifiableList(evaluations);
  }

  /** The first evaluation with the highest figure, if one has it. */
  Optional<Evaluated> best(Figure figure) {
    Evaluated best = null;
    for (Evaluated one : evaluations) {
      double value = one.of(figure);
      if (!Double.isNaN(value) && (best == null || value > best.of(figure))) {
        best = one;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Seconds that all steps took, without evaluations.
   *
   * @param images of a step
   */
  double seconds(int images) {
    return images * secondsPerImage;
  }

  /** Images a second over all steps, without evaluations; empty before the first. */
  OptionalDouble imagesPerSecond() {
    return timed > 0 ? OptionalDouble.of(timed / secondsPerImage) : OptionalDouble.empty();
  }
}
