package org.segtrain.check;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.segtrain.check.CheckReport.ClassReport;
import org.segtrain.check.CheckReport.SplitReport;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Legend;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Tint;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.page.internal.Page;
import org.segtrain.page.internal.Thumbnail;

/** A report as a page: findings, sizes, classes with histograms, and samples under their masks. */
public final class CheckPage {

  private static final String PAGE = "segtrain data check"; // who wrote it
  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final int FILES = 50; // of a finding
  private static final int SIZES = 8; // of a split
  private static final int SIDE = 320; // of a sample, pixels
  private static final Map<Split, Integer> SAMPLES = Map.of(Split.TRAINING, 8);
  private static final int OTHER_SAMPLES = 4; // of the other splits

  private final DataCheck check;
  private final CheckReport report;
  private final UnaryOperator<String> words;
  private final FindingPictures pictures;
  private final StringBuilder body = new StringBuilder();

  private CheckPage(DataCheck check, CheckReport report, UnaryOperator<String> words) {
    this.check = check;
    this.report = report;
    this.words = words;
    this.pictures = new FindingPictures(check);
  }

  /**
   * Refuses a file that cannot be written, before the data are read.
   *
   * @throws DataException if another file is there, or none can be
   */
  public static void check(Path file, DataCheck check) {
    Page.refuseForeign(file, Page.isOwn(file, PAGE));
    Page.refusePlace(file, Optional.of(check.files()));
  }

  /**
   * Writes it, and replaces an earlier one.
   *
   * @param words for the reader: a sentence with keys of a configuration in those of a program
   * @throws DataException if it cannot be written, or another file is there
   */
  public static void write(
      Path file, DataCheck check, CheckReport report, UnaryOperator<String> words) {
    Page.refuseForeign(file, Page.isOwn(file, PAGE)); // before samples are read
    String title = "%s, %s".formatted(report.dataset(), report.folder());
    Page.write(file, PAGE, title, new CheckPage(check, report, words).body());
  }

  private String body() {
    line(
        "<p class=\"verdict\">%s</p><p>Checked on %s.</p>",
        Page.escaped(verdict(report)), LocalDateTime.now(ZoneId.systemDefault()).format(MINUTES));
    line("<h2>Findings</h2>");
    report.findings().forEach(this::finding);
    if (report.findings().isEmpty()) {
      line("<p>No findings.</p>");
    }
    line("<h2>Images</h2>");
    report.splits().forEach(this::split);
    Optional.ofNullable(report.largest())
        .ifPresent(
            largest ->
                line(
                    "<p>The largest is %s, %d x %d pixels; reading it takes %.1f MiB of the Java heap.</p>",
                    Page.breakable(largest.file()),
                    largest.width(),
                    largest.height(),
                    largest.bytes() / (double) (1 << 20)));
    classes();
    samples();
    return body.toString();
  }

  /** "1 error, 2 warnings, 0 notes". */
  public static String verdict(CheckReport report) {
    return Arrays.stream(Finding.Severity.values())
        .map(severity -> Counted.of(report.count(severity), severity.toString()))
        .collect(Collectors.joining(", "));
  }

  private void line(String markup, Object... values) {
    body.append(String.format(Locale.ROOT, markup, values)).append('\n');
  }

  private void finding(Finding finding) {
    line("<article class=\"%s\">", finding.severity());
    String what = finding.severity() + ": " + finding.kind().toString().replace('-', ' ');
    line("<h3>%s</h3>", Page.sentence(what));
    line("<p>%s.</p>", Page.breakable(Page.sentence(words.apply(finding.sentence()))));
    if (!finding.remedy().isEmpty()) {
      String remedy = Page.sentence(words.apply(finding.remedy()));
      line("<p class=\"remedy\">%s.</p>", Page.breakable(remedy));
    }
    body.append(pictures.of(finding));
    List<List<String>> files = finding.files();
    if (files.size() > 1) {
      line("<details><summary>%d of them</summary><ul>", files.size());
      files.stream()
          .limit(FILES)
          .forEach(some -> line("<li>%s</li>", Page.breakable(String.join(", ", some))));
      if (files.size() > FILES) {
        line("<li>and %d more</li>", files.size() - FILES);
      }
      line("</ul></details>");
    }
    line("</article>");
  }

  private void split(SplitReport split) {
    line(
        "<h3>%s: %s, %.1f %% of the pixels void</h3>",
        Page.sentence(split.split().toString()),
        Counted.of(split.images(), "image"),
        100 * split.voidShare());
    line("<table>");
    split.sizes().entrySet().stream()
        .limit(SIZES)
        .forEach(
            size ->
                line(
                    "<tr><td>%s</td><td class=\"number\">%d</td>%s</tr>",
                    size.getKey(),
                    size.getValue(),
                    bar(size.getValue() / (double) split.images(), "")));
    line("</table>");
    if (split.sizes().size() > SIZES) {
      line("<p>and %s</p>", Counted.of(split.sizes().size() - SIZES, "other size"));
    }
  }

  private static String bar(double share, String colour) {
    String style = colour.isEmpty() ? "" : ";background:" + colour;
    return String.format(
        Locale.ROOT,
        "<td class=\"chart\"><div class=\"bar\" style=\"width:%.2f%%%s\"></div></td>",
        100 * share,
        style);
  }

  private void classes() {
    line("<h2>Classes</h2>");
    line(
        "<p>Bars: share of the labelled pixels, on a scale of its own in each split. Weight: n /"
            + " (K n<sub>k</sub>) of the training pixels, inverse frequency (King and Zeng 2001).</p>");
    line("<div class=\"wide\"><table><tr><th>class</th>");
    report
        .splits()
        .forEach(
            split ->
                line("<th colspan=\"2\">%s</th><th class=\"images\">images</th>", split.split()));
    line("<th>weight</th></tr>");
    for (ClassReport one : report.classes()) {
      line(
          "<tr><td><span class=\"swatch\" style=\"background:%s\"></span>%d %s</td>",
          one.colour(), one.label(), Page.escaped(one.name()));
      report.splits().forEach(split -> shares(one, split.split()));
      line("<td class=\"number\">%s</td></tr>", weight(one));
    }
    line("</table></div>");
  }

  private void shares(ClassReport one, Split split) {
    double share = one.shares().get(split);
    double most =
        report.classes().stream().mapToDouble(each -> each.shares().get(split)).max().orElse(0);
    line(
        "<td class=\"number\">%.2f %%</td>%s<td class=\"number images\">%d</td>",
        100 * share, bar(most == 0 ? 0 : share / most, one.colour()), one.images().get(split));
  }

  private static String weight(ClassReport one) {
    return one.weight() == 0 ? "-" : String.format(Locale.ROOT, "%.2f", one.weight());
  }

  private void samples() {
    line("<h2>Samples</h2>%s<div class=\"samples\">", Page.legend(entries()));
    new StrayFindings(check.files())
        .listings()
        .forEach(
            (split, listing) -> {
              int wanted = SAMPLES.getOrDefault(split, OTHER_SAMPLES);
              int count = Math.min(wanted, listing.pairs().size());
              for (int i = 0; i < count; i++) {
                sample(
                    split, listing.pairs().get((int) ((long) i * listing.pairs().size() / count)));
              }
            });
    line("</div>");
  }

  private List<Legend.Entry> entries() {
    return Page.entries(report.classes().stream().map(ClassReport::name).toList(), check.palette());
  }

  private void sample(Split split, Listing.Pair pair) {
    Palette palette = check.palette();
    try {
      Sample sample = check.files().read(pair);
      String photograph = Thumbnail.address(Thumbnail.of(sample.picture(), SIDE));
      String labelled =
          Thumbnail.address(
              Thumbnail.of(Tint.of(sample.picture(), sample.labels(), palette), SIDE));
      String name = Page.escaped(pair.name());
      line("<figure><img src=\"%s\" alt=\"%s\">", photograph, name);
      line("<img src=\"%s\" alt=\"labels of %s\">", labelled, name);
      line("<figcaption>%s: %s</figcaption></figure>", split, name);
    } catch (DataException wrong) {
      return; // a finding says so
    }
  }
}
