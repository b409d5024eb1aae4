package org.segtrain.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.segtrain.metrics.Evaluation;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;

/**
 * A confusion matrix as SVG: a row for each labelled class, whose cells show the share of its
 * pixels that became each class. The shade follows the square root, so small shares are seen. A
 * pointer on a cell shows its pixels.
 */
record ConfusionChart(Evaluation evaluation) {

  private static final int MOST = 4000; // cells: half a megabyte
  private static final double SMALLEST = 0.001; // share that is drawn
  private static final int SIDE = 640; // of the cells, about
  private static final int NUMBERS = 24; // classes at most, whose cells have numbers
  private static final int LONGEST = 18; // letters of a name
  private static final double MIDDLE = 0.4; // share of a cell whose number is dark in both schemes
  private static final double DARK = 0.65; // share of a cell whose number is light on a light page

  private record Cell(int labelled, int predicted, long pixels, double share) {}

  /** Markup: a figure. */
  String markup() {
    List<String> names = evaluation.classes();
    int classes = names.size();
    int cell = Math.max(9, Math.min(44, SIDE / classes));
    int font = Math.min(13, cell - 1);
    int left = Math.min(150, 10 + LONGEST * font * 6 / 10);
    int side = left + classes * cell + 2;
    Markup body = new Markup();
    body.line("<figure class=\"matrix\"><div class=\"wide\" tabindex=\"0\" role=\"group\"");
    body.add("aria-label=\"confusion matrix; scrolls\">");
    body.line(
        "<svg viewBox=\"0 0 %d %1$d\" width=\"%1$d\" height=\"%1$d\" role=\"img\" aria-label=\"%s\">",
        side,
        "Confusion matrix: rows are labelled classes, columns predicted ones. The table of"
            + " confusions has its largest numbers.");
    body.line("<g class=\"ticks\" style=\"font-size:%dpx\">", font);
    for (int k = 0; k < classes; k++) {
      double middle = left + (k + 0.5) * cell;
      String name = Page.escaped(shortened(names.get(k)));
      body.line(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          left - 5, middle + font / 3.0, name);
      body.line(
          "<text transform=\"translate(%.1f %d) rotate(-90)\">%s</text>",
          middle + font / 3.0, left - 5, name);
    }
    body.add("</g>");
    body.line(
        "<rect class=\"ground\" x=\"%d\" y=\"%1$d\" width=\"%d\" height=\"%2$d\"/>",
        left, classes * cell);
    for (Cell one : cells()) {
      int x = left + one.predicted() * cell;
      int y = left + one.labelled() * cell;
      String text =
          "labelled %s, predicted %s: %s, %s pixels"
              .formatted(
                  names.get(one.labelled()),
                  names.get(one.predicted()),
                  Texts.percent(one.share()),
                  Texts.pixels(one.pixels()));
      body.line(
          "<g><title>%s</title><rect class=\"cell\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%4$d\" fill-opacity=\"%.2f\"/>%s</g>",
          Page.escaped(text),
          x,
          y,
          cell,
          Math.sqrt(one.share()),
          classes <= NUMBERS && one.share() >= 0.005
              ? number(one, x + cell / 2, y + cell / 2 + 4)
              : "");
    }
    body.add("</svg></div><figcaption>Share of each labelled class (rows) that became each");
    body.add(
        "predicted class (columns), percent. A stronger colour is a larger share; shares under 0.5 % have no number, those under 0.1 % no cell.</figcaption>");
    return body.add("</figure>").toString();
  }

  private static String number(Cell cell, int x, int y) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
        cell.share() > DARK ? "light" : cell.share() > MIDDLE ? "middle" : "plain",
        x,
        y,
        100 * cell.share());
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "\u2026";
  }

  /** The largest shares. */
  private List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    List<List<Long>> matrix = evaluation.confusion();
    for (int k = 0; k < matrix.size(); k++) {
      double labelled = matrix.get(k).stream().mapToLong(Long::longValue).sum();
      for (int j = 0; j < matrix.size(); j++) {
        long pixels = matrix.get(k).get(j);
        if (pixels >= SMALLEST * labelled && pixels > 0) {
          cells.add(new Cell(k, j, pixels, pixels / labelled));
        }
      }
    }
    cells.sort(Comparator.comparingDouble(Cell::share).reversed());
    return cells.subList(0, Math.min(MOST, cells.size()));
  }
}
