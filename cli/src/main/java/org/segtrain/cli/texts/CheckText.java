package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.segtrain.check.CheckPage;
import org.segtrain.check.CheckReport;
import org.segtrain.check.CheckReport.ClassReport;
import org.segtrain.check.CheckReport.Largest;
import org.segtrain.check.CheckReport.SplitReport;
import org.segtrain.check.Finding;
import org.segtrain.errors.Counted;

/**
 * The text about a checked data set.
 *
 * @param words for the remedies
 * @param limit files named for each finding
 */
public record CheckText(CheckReport report, OptionNames words, int limit) {

  private static final int SIZES = 3; // of a split

  /** Lines. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %s: %s"
            .formatted(
                report.dataset(), report.folder(), Counted.of(report.classes().size(), "class")));
    report.splits().forEach(split -> lines.add(split(split)));
    Largest largest = report.largest();
    if (largest != null) {
      lines.add(
          line(
              "largest image: %s, %d x %d; reading it takes %.1f MiB of the Java heap",
              largest.file(), largest.width(), largest.height(), largest.bytes() / 1048576.0));
    }
    if (largest != null) {
      lines.add(line("crops without a labelled pixel: %.2f %%", 100 * report.voidCrops()));
    }
    lines.add("");
    classes().text().lines().forEach(lines::add);
    lines.add("");
    report.findings().forEach(finding -> lines.addAll(finding(finding)));
    lines.add(
        line(
            "%s in %s, of which %d were read now, in %.1f s",
            CheckPage.verdict(report),
            Counted.of(report.files(), "file"),
            report.read(),
            report.seconds()));
    return lines.stream()
        .map(line -> Printable.of(line) + System.lineSeparator())
        .collect(Collectors.joining());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String split(SplitReport split) {
    String sizes =
        split.sizes().entrySet().stream()
            .limit(SIZES)
            .map(size -> "%d of %s".formatted(size.getValue(), size.getKey()))
            .collect(Collectors.joining(", "));
    int others = split.sizes().values().stream().skip(SIZES).mapToInt(Integer::intValue).sum();
    if (split.images() == 0) {
      return "%s: no image that can be read with its mask".formatted(split.split());
    }
    return line(
        "%s: %s (%s%s), %.1f %% of the pixels void",
        split.split(),
        Counted.of(split.images(), "image"),
        sizes,
        others == 0 ? "" : ", %d of other sizes".formatted(others),
        100 * split.voidShare());
  }

  /** Shares of the labelled pixels, the images that have it, and the weight. */
  private Table classes() {
    List<String> heading = new ArrayList<>(List.of("label", "class"));
    report.splits().forEach(split -> heading.addAll(List.of(split.split() + " %", "images")));
    heading.add("weight");
    Table table = new Table(heading.toArray(String[]::new));
    for (ClassReport one : report.classes()) {
      List<String> row = new ArrayList<>(List.of("" + one.label(), one.name()));
      for (SplitReport split : report.splits()) {
        row.add(line("%.2f", 100 * one.shares().get(split.split())));
        row.add("" + one.images().get(split.split()));
      }
      row.add(one.weight() == 0 ? "-" : line("%.2f", one.weight()));
      table.add(row.toArray(String[]::new));
    }
    return table;
  }

  private List<String> finding(Finding finding) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %s: %s".formatted(finding.severity(), finding.kind(), words.in(finding.sentence())));
    if (!finding.remedy().isEmpty()) {
      lines.add("  do: " + words.in(finding.remedy()));
    }
    List<List<String>> files = finding.files();
    boolean isSaid = files.size() == 1 && finding.sentence().contains(files.get(0).get(0));
    if (!files.isEmpty() && !isSaid) {
      files.stream().limit(limit).forEach(some -> lines.add("  " + String.join(", ", some)));
      if (files.size() > limit) {
        lines.add("  and %d more".formatted(files.size() - limit));
      }
    }
    return lines;
  }
}
