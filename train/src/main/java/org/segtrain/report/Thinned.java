package org.segtrain.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.segtrain.page.internal.LineChart;

/**
 * A series of any length in memory of a fixed size: the mean, lowest and highest value of each span
 * of steps. Spans double in length when there are too many of them.
 */
final class Thinned {

  static final int MOST = 480; // spans: one for each pixel of a chart, about

  /** Values of neighbouring steps. */
  private static final class Span {
    private final long first;
    private long last;
    private long count;
    private double sum;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    Span(long step) {
      this.first = step;
    }

    void add(long step, double value) {
      last = step;
      count++;
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }

    void add(Span more) {
      last = more.last;
      count += more.count;
      sum += more.sum;
      low = Math.min(low, more.low);
      high = Math.max(high, more.high);
    }
  }

  private List<Span> spans = new ArrayList<>();
  private long length = 1; // of a span, steps

  /**
   * Adds the value of a step that is not before the last one.
   *
   * @param value left out if it is not finite
   */
  void add(long step, double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (last == null || step / length != last.first / length) {
      last = new Span(step);
      spans.add(last);
    }
    last.add(step, value);
    while (spans.size() > MOST) {
      halve();
    }
  }

  private void halve() {
    length *= 2;
    List<Span> fewer = new ArrayList<>();
    for (Span span : spans) {
      Span before = fewer.isEmpty() ? null : fewer.get(fewer.size() - 1);
      if (before != null && before.first / length == span.first / length) {
        before.add(span);
      } else {
        fewer.add(span);
      }
    }
    spans = fewer;
  }

  /** The highest value; empty if there is none. */
  OptionalDouble highest() {
    return spans.stream().mapToDouble(span -> span.high).max();
  }

  /** As a line of a chart. */
  LineChart.Line line(String name) {
    return new LineChart.Line(
        name,
        spans.stream()
            .map(
                span ->
                    new LineChart.Point(
                        (span.first + span.last) / 2.0, span.sum / span.count, span.low, span.high))
            .toList());
  }
}
