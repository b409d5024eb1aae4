package org.segtrain.report;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.Legend;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Figure;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;
import org.segtrain.page.internal.Thumbnail;

/** The report of one run: curves, classes, confusions, images, configuration and commands. */
public final class RunPage {

  static final String PAGE = "segtrain report"; // who wrote it

  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private static final int ROWS = 500; // evaluations in the table

  private static final Map<String, String> FIGURES = figures();

  private static Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put(
        "IoU",
        "Intersection over union of a class: pixels labelled and predicted as it, divided by those"
            + " labelled or predicted as it. 1 is perfect.");
    figures.put("mIoU", "The mean IoU of all classes; the usual figure of segmentation.");
    figures.put(
        "accuracy, mAcc", "The share of a class's labelled pixels that are right; its mean.");
    figures.put("aAcc", "The share of all labelled pixels that are right.");
    figures.put("precision", "The share of a class's predicted pixels that are right.");
    figures.put("mF1", "The mean of F1, the harmonic mean of accuracy and precision.");
    figures.put("fwIoU", "The mean IoU, weighted by the pixels of each class.");
    figures.put("Boundary IoU, mBIoU", "IoU of the pixels near borders; its mean.");
    figures.put(
        "95 % interval",
        "The range of mIoU over images drawn again and again from these (bootstrap).");
    figures.put("void", "Pixels without a label, which do not count.");
    return figures;
  }

  private final RunContent content;
  private final RunHistory history;
  private final TrainConfig config;
  private final Markup body = new Markup();

  RunPage(RunContent content) {
    this.content = content;
    this.history = content.history();
    this.config = content.config();
  }

  /**
   * Writes the report of a run from its folder.
   *
   * @param dir of the run
   * @param file an HTML file; an earlier report there is replaced
   * @throws DataException if there is no run, or another file is there, or none can be written
   */
  public static void write(Path dir, Path file) {
    Page.refuseForeign(file, Page.isOwn(file, PAGE));
    new RunPage(RunContent.read(dir)).write(file);
  }

  void write(Path file) {
    Page.write(file, PAGE, "Run " + content.name(), body());
  }

  private String body() {
    headline();
    body.add("<h2>Training</h2><div class=\"plots\">");
    body.add(new Curves(history).training()).add("</div>");
    body.add(
        "<p class=\"small-print\">A line is the mean of neighbouring steps, the pale band their");
    body.add("lowest and highest value.</p>");
    if (!history.evaluations().isEmpty()) {
      evaluations();
    }
    content.best().ifPresent(this::found);
    body.add("<h2>Configuration</h2>");
    body.add(new ValueSection(config, content.session()).markup());
    content.session().ifPresent(this::environment);
    commands();
    body.add(Page.sorting());
    return body.toString();
  }

  private void headline() {
    Figure figure = config.run().best();
    Optional<Evaluated> best = history.best(figure);
    body.line(
        "<p class=\"verdict\">%s</p>",
        Page.escaped(
            best.map(one -> verdict(figure, one)).orElse("No evaluation has a figure yet.")));
    Map<String, String> facts = new LinkedHashMap<>();
    int images = config.schedule().stepImages();
    facts.put("state", state());
    facts.put("model", "%s with %s".formatted(config.model().backbone(), config.model().head()));
    facts.put("data", "%s %s".formatted(config.data().dataset(), config.data().path()).strip());
    facts.put("training time", Texts.time(history.seconds(images)));
    facts.put("mean throughput", Texts.one(history.imagesPerSecond(), " images/s"));
    facts.put("peak memory", Texts.rounded(history.of("resident_mb").highest(), " MiB"));
    OptionalDouble ofGpu = history.of(Curves.GPU).highest();
    if (ofGpu.isPresent()) {
      facts.put("peak memory of the GPU", Texts.rounded(ofGpu, " MiB"));
    }
    body.add("<dl class=\"facts\">");
    facts.forEach(
        (name, value) ->
            body.line("<div><dt>%s</dt><dd>%s</dd></div>", name, Page.breakable(value)));
    body.add("</dl>");
    body.line(
        "<p class=\"small-print\">Written on %s, and again at each evaluation. Training time and"
            + " throughput leave evaluations out; memory is the highest after a step.</p>",
        LocalDateTime.now(ZoneId.systemDefault()).format(MINUTES));
  }

  private static String verdict(Figure figure, Evaluated best) {
    String interval = figure == Figure.MEAN_IOU ? Texts.interval(best.low(), best.high()) : "";
    return String.format(
        Locale.ROOT,
        "Best %s %s%s, at step %,d",
        figure,
        Texts.share(best.of(figure)),
        interval.isEmpty() ? "" : " (" + interval + ")",
        best.step());
  }

  private String state() {
    String steps =
        String.format(
            Locale.ROOT, "step %,d of %,d", history.step(), config.schedule().iterations());
    return content.session().map(session -> session.state() + ", " + steps).orElse(steps);
  }

  private void evaluations() {
    body.add("<h2>Evaluations</h2><div class=\"plots\">");
    body.add(new Curves(history).evaluations()).add("</div>");
    List<Evaluated> all = history.evaluations();
    List<Evaluated> last = all.subList(Math.max(0, all.size() - ROWS), all.size());
    body.line("<details><summary>%s</summary>", Counted.of(last.size(), "evaluation"));
    body.add("<div class=\"wide\"><table><thead><tr><th scope=\"col\">step</th>");
    Evaluated.NAMES
        .keySet()
        .forEach(figure -> body.line("<th scope=\"col\" class=\"number\">%s</th>", figure));
    body.add("</tr></thead><tbody>");
    for (Evaluated one : last) {
      body.line("<tr><th scope=\"row\">%,d</th>", one.step());
      Evaluated.NAMES
          .keySet()
          .forEach(
              figure -> body.line("<td class=\"number\">%s</td>", Texts.share(one.of(figure))));
      body.add("</tr>");
    }
    body.add("</tbody></table></div></details>");
    glossary();
  }

  private void glossary() {
    body.add("<details><summary>What the figures mean</summary><dl class=\"words\">");
    FIGURES.forEach(
        (name, meaning) -> body.line("<div><dt>%s</dt><dd>%s</dd></div>", name, meaning));
    body.add("</dl></details>");
  }

  /** The counts of the best evaluation. */
  private void found(EvaluationPart part) {
    Evaluation evaluation = part.evaluation();
    Palette palette = DatasetVariant.palette(config, content.classes().size());
    ClassSection classes = new ClassSection(evaluation, palette);
    body.add("<h2>Classes</h2>");
    body.line(
        "<p>Best evaluation: %s, on %s.</p>",
        Page.breakable(String.join(", ", part.source().model())),
        Counted.of(evaluation.images().size(), part.source().split() + " image"));
    body.add(classes.bars());
    body.add("<h2>Confusion</h2>");
    body.add(classes.confusions());
    body.add(new ConfusionChart(evaluation).markup());
    examples(evaluation, palette);
  }

  private void examples(Evaluation evaluation, Palette palette) {
    List<Examples.Example> shown =
        Examples.of(evaluation).stream()
            .filter(one -> Files.isRegularFile(content.run().example(one.kind(), one.number())))
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    body.add("<h2>Worst and best images</h2>");
    body.add("<p>Of each image: photograph, labels, prediction, errors.</p>");
    body.add(Page.legend(legend(shown, palette)));
    body.add("<div class=\"samples\">");
    shown.forEach(this::example);
    body.add("</div>");
  }

  /** The classes of these images alone. */
  private List<Legend.Entry> legend(List<Examples.Example> shown, Palette palette) {
    TreeSet<Integer> labels = new TreeSet<>();
    shown.forEach(
        one -> one.image().counts().stream().map(ClassCounts::label).forEach(labels::add));
    List<Legend.Entry> entries = new ArrayList<>();
    labels.forEach(
        label -> entries.add(new Legend.Entry(palette.rgb(label), content.classes().get(label))));
    entries.add(new Legend.Entry(palette.rgb(Sample.VOID), "void"));
    entries.add(new Legend.Entry(Examples.ERROR, "error"));
    return entries;
  }

  private void example(Examples.Example one) {
    List<BufferedImage> panels;
    try {
      panels = Examples.panels(content.run(), one);
    } catch (DataException unreadable) {
      return; // a picture less
    }
    String file = Page.escaped(one.image().file());
    body.add("<figure>");
    for (int i = 0; i < panels.size(); i++) {
      String name = Examples.PANELS.get(i);
      body.line(
          "<img src=\"%s\" alt=\"%s of %s\" width=\"%d\" height=\"%d\">",
          i == 1 || i == 2 ? Thumbnail.exact(panels.get(i)) : Thumbnail.address(panels.get(i)),
          name,
          file,
          panels.get(i).getWidth(),
          panels.get(i).getHeight());
    }
    body.line(
        "<figcaption>%s %d: %s, mIoU %s, %s of the pixels right</figcaption></figure>",
        Page.sentence(one.kind()),
        one.number(),
        Page.breakable(inData(one.image().file())),
        Texts.share(one.image().meanIou()),
        Texts.percent(one.image().accuracy()));
  }

  /** The path of an image below the folder of the data, where it is there. */
  private String inData(String file) {
    String folder = config.data().path() + "/";
    return file.startsWith(folder) ? file.substring(folder.length()) : file;
  }

  private void environment(Session session) {
    body.add("<h2>Environment</h2><p>Of the last session.</p>");
    body.add("<table class=\"values\"><tbody>");
    Map<String, String> all = new LinkedHashMap<>(session.environment());
    all.put("precision", config.run().precision().toString());
    all.put("seed", String.valueOf(config.run().seed()));
    all.forEach(
        (name, value) ->
            body.line(
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>",
                Page.escaped(name), Page.escaped(value)));
    body.add("</tbody></table>");
  }

  private void commands() {
    if (!config.model().isKnown()) {
      return; // the command cannot build it
    }
    String run = Commands.quoted(content.run().dir());
    body.add("<h2>Commands</h2>");
    body.add("<p>Train again, evaluate, predict, export:</p>");
    body.line(
        "<pre tabindex=\"0\">%s</pre>",
        Page.escaped(
            String.join(
                "\n",
                Commands.of(
                    "--config %s --out runs/again"
                        .formatted(Commands.quoted(content.run().config()))),
                Commands.of("eval " + run),
                Commands.of("predict %s photos --out predicted".formatted(run)),
                Commands.of("export %s --out model.onnx".formatted(run)))));
  }
}
