package org.segtrain.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.segtrain.data.Palette;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Confusion;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Metrics;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;

/** The classes of an evaluation: their IoU as bars, and which are taken for which. */
record ClassSection(Evaluation evaluation, Palette palette) {

  private static final int CONFUSIONS = 15;

  /** A row for each class, from the highest IoU on. */
  String bars() {
    Metrics metrics = evaluation.metrics();
    Metrics boundary = evaluation.boundaryMetrics();
    List<ClassCounts> rows = new ArrayList<>(metrics.counts());
    rows.sort(
        Comparator.comparingDouble(
            (ClassCounts count) -> Double.isNaN(count.iou()) ? 1 : -count.iou()));
    Markup body = new Markup();
    body.add("<div class=\"wide\"><table class=\"sortable\"><thead><tr>");
    body.add("<th scope=\"col\">class</th><th scope=\"col\" class=\"number\">IoU</th>");
    body.add("<th scope=\"col\" class=\"chart\"><span class=\"unseen\">bar of the IoU</span></th>");
    for (String name : List.of("accuracy", "precision", "Boundary IoU", "share of pixels")) {
      body.line("<th scope=\"col\" class=\"number\">%s</th>", name);
    }
    body.add("</tr></thead><tbody>");
    for (ClassCounts row : rows) {
      body.line("<tr><th scope=\"row\">%s</th>", name(row.label()));
      number(body, Texts.share(row.iou()));
      body.line(
          "<td class=\"chart\"><div class=\"bar\" style=\"width:%.1f%%\"></div></td>",
          Double.isNaN(row.iou()) ? 0 : 100 * row.iou());
      number(body, Texts.share(row.recall()));
      number(body, Texts.share(row.precision()));
      number(body, Texts.share(boundary.counts().get(row.label()).iou()));
      double share = row.labelled() / (double) metrics.pixels();
      body.line("<td class=\"number\">%.2f %%</td>", 100 * share);
      body.add("</tr>");
    }
    return body.add("</tbody></table></div>").toString();
  }

  private static void number(Markup body, String text) {
    body.line("<td class=\"number\">%s</td>", text);
  }

  private String name(int label) {
    return "<span class=\"swatch\" style=\"background:%s\"></span>%s"
        .formatted(palette.hex(label), Page.escaped(evaluation.classes().get(label)));
  }

  /** The confusions of most pixels; nothing if all pixels are right. */
  String confusions() {
    List<Confusion> worst = Confusion.most(evaluation, CONFUSIONS);
    if (worst.isEmpty()) {
      return "";
    }
    Markup body = new Markup();
    body.add("<h3>Most frequent confusions</h3>");
    body.add("<div class=\"wide\"><table class=\"sortable\"><thead><tr>");
    body.add("<th scope=\"col\">labelled</th><th scope=\"col\">predicted</th>");
    body.add("<th scope=\"col\" class=\"number\">of the labelled class</th>");
    body.add("<th scope=\"col\" class=\"number\">pixels</th></tr></thead><tbody>");
    for (Confusion one : worst) {
      body.line("<tr><th scope=\"row\">%s</th>", name(one.labelled()));
      body.line("<td>%s</td>", name(one.predicted()));
      number(body, Texts.percent(one.share()));
      body.line(
          "<td class=\"number\" data-value=\"%d\">%s</td></tr>",
          one.pixels(), Texts.pixels(one.pixels()));
    }
    return body.add("</tbody></table></div>").toString();
  }
}
