package org.segtrain.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.config.Configuration;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.metrics.Difference;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Figure;
import org.segtrain.page.internal.LineChart;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;

/**
 * Several runs on one page: their curves over each other, the values that differ, and how much the
 * classes differ from those of the first run.
 */
public final class Comparison {

  private final List<RunContent> runs;
  private final List<String> names;
  private final Markup body = new Markup();

  private Comparison(List<RunContent> runs, List<String> names) {
    this.runs = runs;
    this.names = names;
  }

  /**
   * Writes the page.
   *
   * @param dirs folders of two to {@link LineChart#MOST} runs
   * @param file an HTML file; an earlier page of this kind there is replaced
   * @throws UsageException if there are too few or too many
   * @throws DataException if one is no run, or they are of other classes or data, or another file
   *     is there, or none can be written
   */
  public static void write(List<Path> dirs, Path file) {
    if (dirs.size() < 2 || dirs.size() > LineChart.MOST) {
      throw new UsageException(
          "2 to %d runs can be compared, but there are %d; give others"
              .formatted(LineChart.MOST, dirs.size()));
    }
    Page.refuseForeign(file, Page.isOwn(file, RunPage.PAGE));
    List<RunContent> runs = dirs.stream().map(RunContent::read).toList();
    runs.forEach(run -> refuseUnlessLike(runs.get(0), run));
    Comparison comparison = new Comparison(runs, names(runs));
    Page.write(file, RunPage.PAGE, String.join(" and ", comparison.names), comparison.body());
  }

  private static void refuseUnlessLike(RunContent first, RunContent other) {
    if (!first.classes().equals(other.classes())) {
      throw new DataException(
          "%s and %s have different classes, so they cannot be compared; give runs of the same classes"
              .formatted(first.run().dir(), other.run().dir()));
    }
    if (!first.config().data().dataset().equals(other.config().data().dataset())) {
      throw new DataException(
          "%s was trained on %s, but %s on %s, so they cannot be compared; give runs on the same data"
              .formatted(
                  first.run().dir(),
                  first.config().data().dataset(),
                  other.run().dir(),
                  other.config().data().dataset()));
    }
  }

  /** The names of their folders, or their paths if two have the same name. */
  private static List<String> names(List<RunContent> runs) {
    List<String> names = runs.stream().map(RunContent::name).toList();
    return names.stream().distinct().count() == names.size()
        ? names
        : runs.stream().map(run -> run.run().dir().toString()).toList();
  }

  private String body() {
    summary();
    body.add("<h2>Evaluations</h2><div class=\"plots\">");
    body.add(chart("miou", "mIoU", run -> new Curves(run.history()).meanIou("")));
    body.add("</div><h2>Training</h2><div class=\"plots\">");
    for (Curves.Quantity number : Curves.NUMBERS) {
      body.add(
          chart(
              number.key().replace('_', '-'),
              number.title(),
              run -> run.history().of(number.key()).line("")));
    }
    body.add("</div>");
    values();
    classes();
    return body.add(Page.sorting()).toString();
  }

  private void summary() {
    body.add("<div class=\"wide\"><table><thead><tr><th scope=\"col\">run</th>");
    for (String head :
        List.of("best mIoU", "interval", "at step", "steps made", "training time", "images/s")) {
      body.line("<th scope=\"col\" class=\"number\">%s</th>", head);
    }
    body.add("<th scope=\"col\" class=\"number\">peak MiB</th></tr></thead><tbody>");
    for (int i = 0; i < runs.size(); i++) {
      RunHistory history = runs.get(i).history();
      Optional<Evaluated> best = history.best(Figure.MEAN_IOU);
      body.line(
          "<tr><th scope=\"row\"><span class=\"key c%d\"></span>%s</th>",
          i + 1, Page.escaped(names.get(i)));
      number(best.map(one -> Texts.share(one.of(Figure.MEAN_IOU))).orElse(Texts.UNKNOWN));
      number(best.map(one -> Texts.range(one.low(), one.high())).orElse(Texts.UNKNOWN));
      number(best.map(one -> Texts.whole(one.step())).orElse(Texts.UNKNOWN));
      number(Texts.whole(history.step()));
      int images = runs.get(i).config().schedule().stepImages();
      number(Texts.time(history.seconds(images)));
      number(Texts.one(history.imagesPerSecond(), ""));
      number(Texts.rounded(history.of("resident_mb").highest(), ""));
      body.add("</tr>");
    }
    body.add("</tbody></table></div>");
  }

  private void number(String text) {
    body.line("<td class=\"number\">%s</td>", text);
  }

  /** The same line of each run, without its range, which would hide the others. */
  private String chart(String id, String title, Function<RunContent, LineChart.Line> of) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      List<LineChart.Point> points =
          of.apply(runs.get(i)).points().stream()
              .map(point -> LineChart.Point.of(point.x(), point.y()))
              .toList();
      lines.add(new LineChart.Line(names.get(i), points));
    }
    return new LineChart(id, title, Curves.AXIS, lines).markup();
  }

  private void values() {
    List<Map<String, String>> all =
        runs.stream().map(run -> Configuration.texts(run.config())).toList();
    List<String> keys =
        all.get(0).keySet().stream()
            .filter(key -> all.stream().map(values -> values.get(key)).distinct().count() > 1)
            .toList();
    body.add("<h2>Values that differ</h2>");
    if (keys.isEmpty()) {
      body.add("<p>None: the configurations are equal.</p>");
      return;
    }
    body.add("<div class=\"wide\"><table class=\"values\"><thead><tr><th scope=\"col\">key</th>");
    names.forEach(name -> body.line("<th scope=\"col\">%s</th>", Page.escaped(name)));
    body.add("</tr></thead><tbody>");
    for (String key : keys) {
      body.line("<tr><th scope=\"row\">%s</th>", key);
      all.forEach(values -> body.line("<td>%s</td>", ValueSection.text(values.get(key))));
      body.add("</tr>");
    }
    body.add("</tbody></table></div>");
  }

  private void classes() {
    body.add("<h2>Classes</h2>");
    String lacking =
        runs.stream()
            .filter(run -> run.best().isEmpty())
            .map(
                run ->
                    Commands.of(
                        "eval %s --shard 1/1 --out %s"
                            .formatted(
                                Commands.quoted(run.run().dir()),
                                Commands.quoted(run.run().evaluation()))))
            .collect(Collectors.joining("\n"));
    if (!lacking.isEmpty()) {
      body.add(
          "<p>Some runs have no evaluation.json, which classes are compared by. Write it:</p>");
      body.line("<pre tabindex=\"0\">%s</pre>", Page.escaped(lacking));
      return;
    }
    List<Evaluation> found =
        runs.stream().flatMap(run -> run.best().stream()).map(EvaluationPart::evaluation).toList();
    List<List<Difference>> differences = new ArrayList<>();
    for (int i = 1; i < runs.size(); i++) {
      differences.add(differences(i, found));
    }
    body.line(
        "<p>IoU in the best evaluation of each run. Differences are from \u201c%s\u201d on the same"
            + " images. Their 95 %% intervals come from a bootstrap, which draws images again and"
            + " again. Bold: the interval excludes 0. With many classes about one in twenty is bold"
            + " by chance.</p>",
        Page.escaped(names.get(0)));
    table(found, differences);
  }

  private List<Difference> differences(int i, List<Evaluation> found) {
    try {
      return found.get(i).differences(found.get(0));
    } catch (UsageException e) {
      throw new DataException(
          "%s and %s were measured on other images or labels, so they cannot be compared; measure both on the same data"
              .formatted(runs.get(0).run().dir(), runs.get(i).run().dir()),
          e);
    }
  }

  private void table(List<Evaluation> found, List<List<Difference>> differences) {
    List<String> classes = runs.get(0).classes();
    body.add("<div class=\"wide\"><table class=\"sortable\"><thead><tr>");
    body.add("<th scope=\"col\">class</th>");
    names.forEach(
        name -> body.line("<th scope=\"col\" class=\"number\">%s</th>", Page.escaped(name)));
    names.stream()
        .skip(1)
        .forEach(
            name ->
                body.line(
                    "<th scope=\"col\" class=\"number\">%s \u2212 %s</th>",
                    Page.escaped(name), Page.escaped(names.get(0))));
    body.add("</tr></thead><tbody>");
    row(
        "all classes (mIoU)",
        found.stream().map(one -> one.metrics().meanIou()),
        differences,
        classes.size());
    for (int k = 0; k < classes.size(); k++) {
      int label = k;
      row(
          classes.get(k),
          found.stream().map(one -> one.metrics().counts().get(label).iou()),
          differences,
          k);
    }
    body.add("</tbody></table></div>");
  }

  private void row(String name, Stream<Double> figures, List<List<Difference>> differences, int k) {
    body.line("<tr><th scope=\"row\">%s</th>", Page.escaped(name));
    figures.forEach(figure -> number(Texts.share(figure)));
    differences.forEach(of -> difference(of.get(k)));
    body.add("</tr>");
  }

  private void difference(Difference one) {
    String value = Texts.change(one.value());
    String range = Texts.range(one.low(), one.high());
    number(
        "%s%s"
            .formatted(
                one.isSignificant() ? "<strong>" + value + "</strong>" : value,
                range.isEmpty() ? "" : " <span class=\"small-print\">(" + range + ")</span>"));
  }
}
