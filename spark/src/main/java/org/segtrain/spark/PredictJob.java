package org.segtrain.spark;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.config.Overlay;
import org.segtrain.errors.Counted;
import org.segtrain.inference.PredictionForms.MaskFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain-spark predict}: images in; masks, a legend and a report out. */
@Command(
    name = "predict",
    description = {
      "Finds the class of every pixel of images.",
      "Writes DIR/masks (palette PNG, the bytes of segtrain predict), DIR/legend.json,"
          + " DIR/report.csv and DIR/job.json. Images whose masks are there are kept."
    })
final class PredictJob implements Callable<Integer> {

  private static final String LEGEND = "legend.json";
  private static final String LEGEND_HEAD = "[ {";

  @Spec private CommandSpec spec;

  @Mixin private final JobOptions options = new JobOptions();

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "FORMAT",
      completionCandidates = NameLists.MaskFormats.class,
      description =
          "Write masks as png (palette, to DIR/masks), coco-rle (run lengths, to DIR/rle, a file"
              + " for each image), or both (png).")
  private List<String> formats;

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Set<MaskFormat> asked = usage.of(this::formats);
    Overlay values = usage.of(options::overlay);
    return Driver.run(spec, options, driver -> predict(driver, asked, values));
  }

  private Set<MaskFormat> formats() {
    return formats == null
        ? EnumSet.of(MaskFormat.PNG)
        : EnumSet.copyOf(formats.stream().map(MaskFormat::of).toList());
  }

  private int predict(Driver driver, Set<MaskFormat> asked, Overlay values) {
    ImageList images =
        ImageList.of(driver.files(), options.images(), options.root(), Optional.empty());
    driver.refuseAmongImages(images);
    ModelUse use = driver.use(values);
    ModelFacts facts = driver.facts(use, images.root());
    driver.requireReport(images);
    facts.origin().forEach(driver::tell);
    Path legend = new Path(driver.out(), LEGEND);
    HadoopFiles.requireReplaceable(legend, driver.files(), LEGEND_HEAD);
    new Job(use.place().sha256(), images.root(), use.values()).begin(driver.out(), driver.files());
    HadoopFiles.replace(legend, driver.files(), facts.legend(), LEGEND_HEAD);
    long begin = System.nanoTime();
    List<String> lines =
        driver
            .partitioned(images)
            .mapPartitions(new PredictTask(use, driver.out().toString(), asked, driver.conf()))
            .collect();
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<ReportRow> rows = new ArrayList<>();
    lines.forEach(line -> rows.add(ReportRow.of(line)));
    long done = count(rows, ReportRow.State.DONE);
    long kept = count(rows, ReportRow.State.KEPT);
    driver.tell(
        "predicted %s%s: %s%s"
            .formatted(
                Counted.of(done, "image"),
                kept == 0 ? "" : ", kept " + kept,
                options.out(),
                done == 0 ? "" : ", %.2f images a second".formatted(done / seconds)));
    return driver.report(images, rows);
  }

  private static long count(List<ReportRow> rows, ReportRow.State state) {
    return rows.stream().filter(row -> row.is(state)).count();
  }
}
