package org.segtrain.spark;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.EvaluationText;
import org.segtrain.config.Overlay;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.metrics.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain-spark eval}: how good a model is, class by class. */
@Command(
    name = "eval",
    description = {
      "Measures a model, class by class, as segtrain eval does.",
      "Writes DIR/evaluation.json, which segtrain eval merge reads, and DIR/report.csv."
    })
final class EvalJob implements Callable<Integer> {

  private static final String EVALUATION = "evaluation.json";
  private static final String HEAD = "{\n  \"shard\" : \"1/1\"";

  @Spec private CommandSpec spec;

  @Mixin private final JobOptions options = new JobOptions();

  @Option(
      names = "--masks",
      paramLabel = "PATTERN",
      description =
          "Their masks, such as masks/{name}.png, where {name} is the path of an image below its"
              + " root, without ending (in a text file, the path behind a tab).")
  private String masks;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Value of the first class in masks (that of the run, or 0).")
  private Integer first;

  @Option(
      names = "--void",
      paramLabel = "N",
      split = ",",
      description = "Values that are not scored (those of the run, or 255).")
  private List<Integer> voids;

  @Option(
      names = "--labels",
      paramLabel = "VALUE=CLASS",
      split = ",",
      description = "Meaning of other values, such as 255=foreground, or 0-6=void. Repeatable.")
  private List<String> labels;

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Overlay values = usage.of(this::values);
    return Driver.run(spec, options, driver -> measure(driver, values));
  }

  private Overlay values() {
    Overlay values = options.overlay();
    values = first == null ? values : values.with("files.first", first);
    values = voids == null ? values : values.with("files.voids", voids);
    return labels == null ? values : values.with("files.labels", labels);
  }

  private int measure(Driver driver, Overlay values) {
    ImageList images =
        ImageList.of(driver.files(), options.images(), options.root(), Optional.ofNullable(masks));
    requireName(images);
    images = images.withMasks();
    refuseMasks(driver);
    ModelUse use = driver.use(values);
    ModelFacts facts = driver.facts(use, images.root());
    facts.reader(); // refuses labels that are none of the classes
    Path result = new Path(driver.out(), EVALUATION);
    driver.requireReport(images);
    HadoopFiles.requireReplaceable(result, driver.files(), HEAD);
    EvaluationPart part = facts.empty(images.dataset(facts), options.images());
    part.source().model().forEach(driver::tell);
    driver.tell(EvaluationText.data(part.source()));
    List<EvalTask.Part> parts =
        driver
            .partitioned(images)
            .mapPartitions(new EvalTask(use, facts, images.size(), driver.conf()))
            .collect()
            .stream()
            .map(EvalTask.Part::of)
            .toList();
    List<ReportRow> rows = new ArrayList<>(images.refused());
    parts.forEach(some -> rows.addAll(some.rows()));
    part = part.plus(sum(part, parts), faults(rows));
    if (!part.evaluation().images().isEmpty()) { // else an earlier result is worth more
      new EvaluationText(part.source(), part.evaluation()).text().lines().forEach(driver::tell);
      HadoopFiles.replace(result, driver.files(), Json.page(part), HEAD);
    }
    rows.removeAll(images.refused());
    return driver.report(images, rows);
  }

  /** One mask cannot be that of several images. */
  private void requireName(ImageList images) {
    if (masks != null && images.size() > 1 && !masks.contains(ImageList.NAME)) {
      throw new UsageException(
          "--masks must have %s in the place of the name of each image, as in masks/%s.png, but is %s"
              .formatted(ImageList.NAME, ImageList.NAME, masks));
    }
  }

  private void refuseMasks(Driver driver) {
    try {
      if (Job.isIn(driver.out(), driver.files())) {
        throw new DataException(
            "%s has the masks of a prediction and its report; choose another folder"
                .formatted(options.out()));
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot read %s: %s".formatted(options.out(), HadoopFiles.reason(e)), e);
    }
  }

  private static List<String> faults(List<ReportRow> rows) {
    return rows.stream()
        .filter(row -> row.is(ReportRow.State.FAILED))
        .map(ReportRow::message)
        .toList();
  }

  /** All counts, the shortest first, since each sum copies the images of both. */
  private static Evaluation sum(EvaluationPart none, List<EvalTask.Part> parts) {
    Deque<Evaluation> counts = new ArrayDeque<>(List.of(none.evaluation()));
    parts.forEach(part -> part.counts().ifPresent(counts::add));
    while (counts.size() > 1) {
      counts.add(counts.remove().plus(counts.remove()));
    }
    return counts.remove();
  }
}
