package org.segtrain.page.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Lines over a common axis, as SVG with the colours of its page. A place says its values when a
 * pointer is on it, and the description says the first, last, lowest and highest of each line.
 *
 * @param id unlike that of every other chart of the page, letters and digits
 * @param title what is drawn, with its unit
 * @param axis what the lines are over, in whole numbers
 * @param lines at most {@link #MOST}, in the order of their colours
 * @param marks places of vertical lines
 * @param markText what these are
 */
public record LineChart(
    String id, String title, String axis, List<Line> lines, List<Double> marks, String markText) {

  /** Colours that can be told apart. */
  public static final int MOST = 8;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 230;
  private static final int LEFT = 58;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 40;
  private static final int SLOTS = 120; // places that say their values
  private static final int FEW = 40; // points of a line that are drawn one by one
  private static final double SEEN = 0.98; // share of the highest values that the axis shows

  /**
   * A point, or what lies between two columns of pixels.
   *
   * @param x place
   * @param y value, or their mean
   * @param low lowest of them
   * @param high highest of them
   */
  public record Point(double x, double y, double low, double high) {

    /** One value. */
    public static Point of(double x, double y) {
      return new Point(x, y, y, y);
    }

    private boolean isRange() {
      return high > low;
    }
  }

  /**
   * A line.
   *
   * @param name what it is
   * @param points by their place
   */
  public record Line(String name, List<Point> points) {

    public Line {
      points =
          points.stream()
              .filter(point -> Double.isFinite(point.y()))
              .sorted(Comparator.comparingDouble(Point::x))
              .toList();
    }
  }

  public LineChart {
    if (lines.size() > MOST) {
      throw new IllegalArgumentException("a chart has %d lines at most".formatted(MOST));
    }
    lines = List.copyOf(lines);
    marks = List.copyOf(marks);
  }

  /** A chart without marks. */
  public LineChart(String id, String title, String axis, List<Line> lines) {
    this(id, title, axis, lines, List.of(), "");
  }

  /** Markup: a figure; nothing if no line has a point. */
  public String markup() {
    if (lines.stream().allMatch(line -> line.points().isEmpty())) {
      return "";
    }
    return new Drawing().figure();
  }

  /** What is drawn, and where. */
  private final class Drawing {

    private final double from;
    private final double to;
    private final Ticks across;
    private final Ticks up;
    private final Markup svg = new Markup();

    Drawing() {
      double[] xs = points().mapToDouble(Point::x).toArray();
      double first = DoubleStream.of(xs).min().orElseThrow();
      double last = DoubleStream.of(xs).max().orElseThrow();
      this.from = first <= last / 5 || first == last ? Math.min(0, first) : first;
      this.to = last > from ? last : from + 1;
      this.across = Ticks.whole(from, to, 6);
      double[] highs = points().mapToDouble(Point::high).sorted().toArray();
      double[] lows = points().mapToDouble(Point::low).sorted().toArray();
      double top = Math.max(highest(), highs[(int) (SEEN * (highs.length - 1))]);
      double bottom = Math.min(lowest(), lows[(int) ((1 - SEEN) * (lows.length - 1))]);
      this.up = Ticks.of(bottom >= 0 && bottom < top / 2 ? 0 : bottom, top, 6);
    }

    private Stream<Point> points() {
      return lines.stream().flatMap(line -> line.points().stream());
    }

    private double highest() {
      return points().mapToDouble(Point::y).max().orElseThrow();
    }

    private double lowest() {
      return points().mapToDouble(Point::y).min().orElseThrow();
    }

    private double x(double place) {
      int width = WIDTH - LEFT - RIGHT;
      return LEFT + width * (place - from) / (to - from);
    }

    private double y(double value) {
      int height = HEIGHT - TOP - BOTTOM;
      double bounded = Math.max(up.low(), Math.min(up.high(), value));
      return TOP + height * (up.high() - bounded) / (up.high() - up.low());
    }

    String figure() {
      svg.line("<figure class=\"plot\"><h3>%s</h3>", Page.escaped(title));
      svg.line(
          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %3$s-d\">",
          WIDTH, HEIGHT, id);
      svg.line("<title id=\"%s-t\">%s</title>", id, Page.escaped(title));
      svg.line("<desc id=\"%s-d\">%s</desc>", id, Page.escaped(description()));
      axes();
      marks();
      for (int i = 0; i < lines.size(); i++) {
        draw(lines.get(i), i + 1);
      }
      slots();
      svg.add("</svg>");
      legend();
      return svg.add("</figure>").toString();
    }

    private String description() {
      return lines.stream()
          .filter(line -> !line.points().isEmpty())
          .map(LineChart::description)
          .collect(Collectors.joining(". ", "", "."));
    }

    private void axes() {
      svg.add("<g class=\"grid\">");
      for (double place : up.places()) {
        svg.line("<path d=\"M%d %.1fH%d\"/>", LEFT, y(place), WIDTH - RIGHT);
      }
      svg.add("</g><g class=\"ticks\">");
      for (double place : up.places()) {
        svg.line(
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
            LEFT - 6, y(place) + 4, up.text(place));
      }
      for (double place : across.places()) {
        if (place < from || place > to) {
          continue;
        }
        boolean isLast = x(place) > WIDTH - RIGHT - 8; // its text has no room on the right
        svg.line(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
            isLast ? WIDTH - 1.0 : x(place),
            HEIGHT - BOTTOM + 16,
            isLast ? "end" : "middle",
            across.text(place));
      }
      svg.line(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text></g>",
          (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, Page.escaped(axis));
    }

    private void marks() {
      for (double place : marks) {
        if (place >= from && place <= to) {
          svg.line(
              "<path class=\"mark\" d=\"M%.1f %dV%d\"><title>%s %s</title></path>",
              x(place), TOP, HEIGHT - BOTTOM, Page.escaped(markText), number(place));
        }
      }
    }

    private void draw(Line line, int colour) {
      List<Point> points = line.points();
      if (points.stream().anyMatch(Point::isRange)) {
        List<String> edge = new ArrayList<>();
        points.forEach(point -> edge.add(at(point.x(), point.high())));
        for (int i = points.size() - 1; i >= 0; i--) {
          edge.add(at(points.get(i).x(), points.get(i).low()));
        }
        svg.line("<polygon class=\"band c%d\" points=\"%s\"/>", colour, String.join(" ", edge));
      }
      svg.line(
          "<polyline class=\"c%d\" points=\"%s\"/>",
          colour,
          points.stream().map(point -> at(point.x(), point.y())).collect(Collectors.joining(" ")));
      if (points.size() <= FEW) {
        points.stream()
            .filter(Point::isRange)
            .forEach(
                point ->
                    svg.line(
                        "<path class=\"range c%d\" d=\"M%.1f %.1fV%.1f\"/>",
                        colour, x(point.x()), y(point.low()), y(point.high())));
        points.forEach(
            point ->
                svg.line(
                    "<circle class=\"c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                    colour, x(point.x()), y(point.y())));
      }
    }

    private String at(double x, double y) {
      return String.format(Locale.ROOT, "%.1f,%.1f", x(x), y(y));
    }

    /** Invisible columns around the places of points, each with a text of their values. */
    private void slots() {
      TreeMap<Double, List<String>> texts = new TreeMap<>();
      double width = (to - from) / SLOTS;
      for (Line line : lines) {
        double taken = Double.NEGATIVE_INFINITY;
        for (Point point : line.points()) {
          double slot = Math.floor((point.x() - from) / width);
          if (slot > taken) { // the first of each line in each slot
            taken = slot;
            String name = lines.size() == 1 ? "" : line.name() + ": ";
            texts.computeIfAbsent(point.x(), unused -> new ArrayList<>()).add(name + text(point));
          }
        }
      }
      svg.add("<g class=\"slots\">");
      List<Double> places = List.copyOf(texts.keySet());
      for (int i = 0; i < places.size(); i++) {
        double place = places.get(i);
        double left = i == 0 ? from : (places.get(i - 1) + place) / 2;
        double right = i == places.size() - 1 ? to : (place + places.get(i + 1)) / 2;
        svg.line(
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s %s: %s</title></rect>",
            x(left),
            TOP,
            x(right) - x(left),
            HEIGHT - TOP - BOTTOM,
            Page.escaped(axis),
            number(place),
            Page.escaped(String.join(", ", texts.get(place))));
      }
      svg.add("</g>");
    }

    private void legend() {
      if (lines.size() > 1) {
        svg.add("<p class=\"legend\">");
        for (int i = 0; i < lines.size(); i++) {
          svg.line(
              "<span><span class=\"key c%d\"></span>%s</span>",
              i + 1, Page.escaped(lines.get(i).name()));
        }
        svg.add("</p>");
      }
    }
  }

  private static String description(Line line) {
    List<Point> points = line.points();
    Point first = points.get(0);
    Point last = points.get(points.size() - 1);
    if (points.size() == 1) {
      return "%s: %s at %s".formatted(line.name(), number(first.y()), number(first.x()));
    }
    OptionalDouble low = points.stream().mapToDouble(Point::low).min();
    OptionalDouble high = points.stream().mapToDouble(Point::high).max();
    return "%s: from %s at %s to %s at %s, lowest %s, highest %s"
        .formatted(
            line.name(),
            number(first.y()),
            number(first.x()),
            number(last.y()),
            number(last.x()),
            number(low.orElseThrow()),
            number(high.orElseThrow()));
  }

  private static String text(Point point) {
    return point.isRange()
        ? "%s (%s to %s)".formatted(number(point.y()), number(point.low()), number(point.high()))
        : number(point.y());
  }

  /** Four digits, as people read them. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    boolean plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6;
    return plain
        ? new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
