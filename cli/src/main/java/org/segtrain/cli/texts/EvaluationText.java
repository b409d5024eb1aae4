package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.segtrain.errors.Counted;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Confusion;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;

/** The text about an evaluation, in lines of at most 100 letters. */
public record EvaluationText(EvaluationSource source, Evaluation evaluation) {

  private static final int LONGEST_NAME = 36;
  private static final int CONFUSIONS = 3; // that are told

  /** "data: folder my/images, validation, 101 images". */
  public static String data(EvaluationSource source) {
    return Printable.of(
        "data: %s%s, %s, %s"
            .formatted(
                source.dataset(),
                source.folder().isEmpty() ? "" : " " + source.folder(),
                source.split(),
                Counted.of(source.images(), "image")));
  }

  /** Lines: a table of the classes and the means. */
  public String text() {
    List<String> lines = new ArrayList<>();
    int measured = evaluation.images().size();
    if (measured < source.images()) {
      lines.add(
          "measured on %d of %s; faults of the others follow below"
              .formatted(measured, Counted.of(source.images(), "image")));
    }
    Metrics metrics = evaluation.metrics();
    Metrics boundary = evaluation.boundaryMetrics();
    lines.add(table(metrics, boundary).text().stripTrailing());
    lines.add("mIoU " + share(metrics.meanIou()) + of(evaluation.meanIouInterval()));
    lines.add(
        "mAcc %s  aAcc %s  mean precision %s  mean F1 %s"
            .formatted(
                share(metrics.meanAccuracy()),
                share(metrics.accuracy()),
                share(metrics.meanPrecision()),
                share(metrics.meanF1())));
    lines.add(
        "frequency-weighted IoU %s  mean Boundary IoU %s"
            .formatted(share(metrics.frequencyWeightedIou()), share(boundary.meanIou())));
    List<Confusion> confusions = Confusion.most(evaluation, CONFUSIONS);
    if (!confusions.isEmpty()) {
      lines.add("most pixels confused (share of the first class):");
      confusions.forEach(confusion -> lines.add("  " + of(confusion, metrics.classes())));
    }
    if (Double.isNaN(metrics.meanIou())) {
      lines.add(
          measured == 0 && source.images() > 0
              ? "mIoU is unknown, since "
                  + (source.images() == 1
                      ? "the only image could not be read"
                      : "none of the %d images could be read".formatted(source.images()))
              : "mIoU is unknown, since no pixel of these images is labelled");
    }
    return lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
  }

  /** "fence as tree, 34 %". */
  private static String of(Confusion confusion, List<String> classes) {
    return String.format(
        Locale.ROOT,
        "%s as %s, %.0f %%",
        name(classes.get(confusion.labelled())),
        name(classes.get(confusion.predicted())),
        100 * confusion.share());
  }

  private static Table table(Metrics metrics, Metrics boundary) {
    Table table =
        new Table("class", "IoU", "accuracy", "precision", "F1", "Boundary IoU", "pixels %");
    for (ClassCounts count : metrics.counts()) {
      table.add(
          name(metrics.classes().get(count.label())),
          share(count.iou()),
          share(count.recall()),
          share(count.precision()),
          share(count.f1()),
          share(boundary.counts().get(count.label()).iou()),
          number("%.2f", 100.0 * count.labelled() / metrics.pixels()));
    }
    return table;
  }

  private static String name(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 3) + "...";
  }

  /** " (95 % 0.581-0.622 over 101 images)", behind an mIoU; nothing if it is not known. */
  static String of(Interval interval) {
    return interval.isKnown()
        ? String.format(
            Locale.ROOT,
            " (95 %% %.3f-%.3f over %s)",
            interval.low(),
            interval.high(),
            Counted.of(interval.images(), "image"))
        : "";
  }

  /** Four decimals; a class without a pixel has none. */
  private static String share(double value) {
    return number("%.4f", value);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
