package org.segtrain.spark;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Printable;
import org.segtrain.config.Overlay;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** A job as its driver sees it: images go out as items, rows of the report come back. */
final class Driver implements AutoCloseable {

  /** The file of all rows in the folder of results. */
  private static final String REPORT = "report.csv";

  private static final int SHOWN = 20; // sentences on the error stream
  private static final Pattern LOST = Pattern.compile("(?s).*ExecutorLostFailure.*?Reason: (.*)");

  private final CommandSpec spec;
  private final JobOptions options;
  private final JavaSparkContext spark;
  private final boolean isOwn; // and no other program's of this JVM
  private final Broadcast<SerializableConfiguration> conf;

  /**
   * Begins.
   *
   * @throws DataException if Spark cannot
   */
  Driver(CommandSpec spec, JobOptions options) {
    this.spec = spec;
    this.options = options;
    this.isOwn = SparkSession.getDefaultSession().isEmpty();
    if (isOwn && !new SparkConf().contains("spark.master")) {
      throw new DataException(
          "there is no Spark to run on; start this by spark-submit, or give it -Dspark.master=local[2]");
    }
    SparkSession session = SparkSession.builder().appName(spec.qualifiedName()).getOrCreate();
    this.spark = new JavaSparkContext(session.sparkContext());
    this.conf = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  Broadcast<SerializableConfiguration> conf() {
    return conf;
  }

  Configuration files() {
    return spark.hadoopConfiguration();
  }

  /** The folder of results. */
  Path out() {
    return HadoopFiles.whole(options.out(), files());
  }

  /**
   * How executors use the model that was asked for.
   *
   * @throws DataException if there is none
   */
  ModelUse use(Overlay values) {
    return options.use(ModelPlace.share(spark.sc(), options.model()), values);
  }

  /**
   * What an executor says about it.
   *
   * @throws DataException if it cannot open the model
   * @throws UsageException if the model refuses a value
   */
  ModelFacts facts(ModelUse use, String folder) {
    return ModelFacts.ask(spark, use, folder);
  }

  /** The images in partitions. */
  JavaRDD<String> partitioned(ImageList images) {
    int parts = options.partitions(images.items().size(), spark.defaultParallelism());
    tell(
        "%s in %s%s"
            .formatted(
                Counted.of(images.items().size(), "image"),
                Counted.of(parts, "partition"),
                images.leftOut() == 0
                    ? ""
                    : ", left out: %s of other kinds"
                        .formatted(Counted.of(images.leftOut(), "file"))));
    return spark.parallelize(images.items().stream().map(Item::json).toList(), parts);
  }

  /** Prints a line of the job. */
  void tell(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Printable.of(line));
    out.flush();
  }

  /**
   * Refuses a folder of results inside the folder of images, where a later job would take them for
   * images, or whose results are among them already.
   *
   * @throws DataException if it is one
   */
  void refuseAmongImages(ImageList images) {
    String place = HadoopFiles.text(out());
    if ((images.isFolder() && (place + "/").startsWith(images.root() + "/"))
        || images.items().stream().anyMatch(item -> item.image().startsWith(place + "/"))) {
      throw new DataException(
          "%s is among the images, so results in it would be taken for them; choose another folder"
              .formatted(options.out()));
    }
  }

  /**
   * Refuses a job that could not write its report, before it computes.
   *
   * @throws DataException if there are no images, or something else is in the place of the report
   */
  void requireReport(ImageList images) {
    if (images.items().isEmpty()) {
      throw new DataException(images.refused().get(0).message());
    }
    HadoopFiles.requireReplaceable(new Path(out(), REPORT), files(), ReportRow.HEAD);
  }

  /**
   * Writes all rows, and tells what failed.
   *
   * @return the exit code
   */
  int report(ImageList images, List<ReportRow> done) {
    List<ReportRow> rows =
        Stream.concat(images.refused().stream(), done.stream())
            .sorted(Comparator.comparingInt(ReportRow::index))
            .toList();
    StringBuilder text = new StringBuilder(ReportRow.HEAD);
    rows.forEach(row -> text.append(row.csv()));
    Path place = new Path(out(), REPORT);
    HadoopFiles.replace(place, files(), text.toString(), ReportRow.HEAD);
    List<String> faults =
        rows.stream()
            .filter(row -> row.is(ReportRow.State.FAILED))
            .map(ReportRow::message)
            .toList();
    tellFaults(faults, rows.size(), HadoopFiles.text(place));
    rows.stream()
        .filter(row -> row.is(ReportRow.State.STOPPED))
        .findFirst()
        .ifPresent(
            row -> {
              throw new DataException(row.message());
            });
    return faults.isEmpty() || options.onError() == OnError.SKIP ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void tellFaults(List<String> faults, int all, String report) {
    if (faults.isEmpty()) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    String name = spec.qualifiedName();
    faults.stream()
        .limit(SHOWN)
        .forEach(line -> err.println(Printable.of("%s: %s".formatted(name, line))));
    err.println(
        Printable.of(
            options.onError() == OnError.SKIP
                ? "%s: skipped %d of %s; all are in %s"
                    .formatted(name, faults.size(), Counted.of(all, "image"), report)
                : "%s: %d of %s failed%s; all are in %s; --on-error skip only counts such files"
                    .formatted(
                        name,
                        faults.size(),
                        Counted.of(all, "image"),
                        faults.size() < all ? ", the others are done" : "",
                        report)));
    err.flush();
  }

  @Override
  public void close() {
    if (isOwn) {
      spark.close();
    }
  }

  /** A job of a command. */
  @FunctionalInterface
  interface Body {
    int run(Driver driver);
  }

  /** Runs a job from beginning to end, and returns its exit code. */
  static int run(CommandSpec spec, JobOptions options, Body body) {
    new Usage(spec).check(options::check);
    try (Driver driver = new Driver(spec, options)) {
      return body.run(driver);
    } catch (UsageException e) {
      new Usage(spec)
          .check(
              () -> {
                throw e;
              });
      return ExitCode.USAGE;
    } catch (Exception | FSError e) {
      throw brief(e);
    }
  }

  /** The end of a job by Spark, which says it in many lines. */
  static RuntimeException brief(Throwable e) {
    String message = String.valueOf(e.getMessage());
    Matcher lost = LOST.matcher(message);
    if (lost.matches()) {
      return new DataException(
          "Spark gave up after it lost executors: %s; give them more memory beside the heap (spark.executor.memoryOverhead), and run again: finished images are kept"
              .formatted(lost.group(1).strip().lines().findFirst().orElse("no reason is given")),
          e);
    } else if (e instanceof SparkException) {
      return new DataException(
          "Spark gave up: %s; run again: finished images are kept"
              .formatted(message.strip().lines().findFirst().orElse("")),
          e);
    }
    if (e instanceof FSError) {
      return new DataException("Hadoop cannot go on: " + e.getCause().getMessage(), e);
    }
    return e instanceof RuntimeException wrong ? wrong : new IllegalStateException(e);
  }
}
