package org.segtrain.report;

import java.util.ArrayList;
import java.util.List;
import org.segtrain.metrics.Figure;
import org.segtrain.page.internal.LineChart;
import org.segtrain.page.internal.Markup;

/** A run over its steps, as charts. */
record Curves(RunHistory history) {

  static final String AXIS = "step";
  static final String GPU = "gpu_mb"; // of runs on one

  /** A number of the steps. */
  record Quantity(String key, String title) {}

  /** Those of the log, in the order of the page. */
  static final List<Quantity> NUMBERS =
      List.of(
          new Quantity("loss", "Loss"),
          new Quantity("lr", "Learning rate"),
          new Quantity("grad_norm", "Gradient norm before clipping"),
          new Quantity("images_per_s", "Throughput, images per second"),
          new Quantity("resident_mb", "Resident memory of the process, MiB"),
          new Quantity(GPU, "GPU memory in use, MiB"));

  /** A chart of each number of the steps; nothing before the first step. */
  String training() {
    Markup body = new Markup();
    for (Quantity number : NUMBERS) {
      if (!number.key().equals(GPU) || history.of(GPU).highest().isPresent()) {
        body.add(chart(number, lines(number)));
      }
    }
    return body.toString();
  }

  private List<LineChart.Line> lines(Quantity number) {
    List<LineChart.Line> lines = new ArrayList<>();
    lines.add(history.of(number.key()).line(number.title()));
    if (number.key().equals("loss")) {
      List<Thinned> parts = history.parts();
      for (int i = 0; i < Math.min(parts.size(), LineChart.MOST - 1); i++) {
        lines.add(parts.get(i).line(i == 0 ? "of the head" : "of auxiliary scores " + i));
      }
    }
    return lines;
  }

  private String chart(Quantity number, List<LineChart.Line> lines) {
    return new LineChart(
            number.key().replace('_', '-'),
            number.title(),
            AXIS,
            lines,
            history.resumed(),
            "resumed after step")
        .markup();
  }

  /** mIoU in its confidence interval, and other figures beside it. */
  String evaluations() {
    List<LineChart.Line> others = new ArrayList<>();
    for (Figure figure : List.of(Figure.MEAN_ACCURACY, Figure.ACCURACY, Figure.MEAN_BOUNDARY_IOU)) {
      others.add(line(figure));
    }
    return new LineChart("miou", "mIoU with its 95 % interval", AXIS, List.of(meanIou("mIoU")))
            .markup()
        + new LineChart("figures", "mAcc, aAcc and mean Boundary IoU", AXIS, others).markup();
  }

  /** mIoU, whose range is its interval. */
  LineChart.Line meanIou(String name) {
    return new LineChart.Line(
        name,
        history.evaluations().stream()
            .map(
                one -> {
                  double value = one.of(Figure.MEAN_IOU);
                  return Double.isNaN(one.low())
                      ? LineChart.Point.of((double) one.step(), value)
                      : new LineChart.Point((double) one.step(), value, one.low(), one.high());
                })
            .toList());
  }

  private LineChart.Line line(Figure figure) {
    return new LineChart.Line(
        figure.toString(),
        history.evaluations().stream()
            .map(one -> LineChart.Point.of((double) one.step(), one.of(figure)))
            .toList());
  }
}
