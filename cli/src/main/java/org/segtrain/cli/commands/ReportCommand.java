package org.segtrain.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.cli.options.ReportOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Csv;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.files.Draft;
import org.segtrain.report.Comparison;
import org.segtrain.report.LogTable;
import org.segtrain.report.ReportServer;
import org.segtrain.report.RunPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain report}: reports of runs, as pages and tables. */
@Command(
    name = "report",
    description = {
      "Writes the report of a run again, or compares several.",
      "A comparison has the curves of all runs, the values that differ, and the classes with bootstrap"
          + " intervals of their differences."
    })
public final class ReportCommand implements Callable<Integer> {

  private static final Path COMPARISON = Path.of("comparison.html");
  private static final int HIGHEST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN",
      description = "Folder of a run; several are compared with the first.")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "HTML file (RUN/report.html; comparison.html of several runs).")
  private Path out;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write steps and evaluations of one run as FILE.csv, instead of the page.")
  private Path csv;

  @Option(
      names = "--serve",
      paramLabel = "DIR",
      description =
          "Show the reports of the runs in DIR to browsers of this machine, read-only, until"
              + " Ctrl-C.")
  private Path serve;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of --serve; 0 takes a free one (6007).")
  private Integer port;

  @Override
  public Integer call() {
    new Usage(spec).check(this::check);
    if (serve != null) {
      serve();
    } else if (csv != null) {
      writeTable();
      tell(csv);
    } else if (runs.size() == 1) {
      Path page = out == null ? new RunFolder(runs.get(0)).report() : out;
      RunPage.write(runs.get(0), page);
      tell(page);
    } else {
      Path page = out == null ? COMPARISON : out;
      new Usage(spec).check(() -> Comparison.write(runs, page));
      tell(page);
    }
    return ExitCode.OK;
  }

  private void check() {
    if (serve != null && (!runs.isEmpty() || out != null || csv != null)) {
      throw new UsageException("--serve shows the runs in DIR; leave RUN, --out and --csv out");
    } else if (serve == null && runs.isEmpty()) {
      throw new UsageException("give the folder of a run, several to compare, or --serve DIR");
    } else if (port != null && serve == null) {
      throw new UsageException("--port belongs to --serve DIR; give both, or leave --port out");
    } else if (port != null && (port < 0 || port > HIGHEST_PORT)) {
      throw new UsageException(
          "--port must be from 0 to %d, but is %d".formatted(HIGHEST_PORT, port));
    } else if (csv != null && (runs.size() > 1 || out != null)) {
      throw new UsageException("--csv writes the table of one run; leave other runs and --out out");
    }
    requireEnding("--csv", csv, ".csv");
    requireEnding("--out", out, ".html");
  }

  private static void requireEnding(String option, Path file, String ending) {
    if (file != null && !file.toString().toLowerCase(Locale.ROOT).endsWith(ending)) {
      throw new UsageException(
          "%s is a file whose name ends in %s, but is %s".formatted(option, ending, file));
    }
  }

  private void tell(Path file) {
    PrintWriter console = spec.commandLine().getOut();
    console.println("wrote " + file);
    console.flush();
  }

  private void writeTable() {
    ReportOptions.requireFree(csv);
    try {
      Draft.write(
          csv,
          channel -> {
            OutputStream lines = new BufferedOutputStream(Channels.newOutputStream(channel));
            LogTable.read(runs.get(0), row -> lines.write(Csv.row(row).getBytes(UTF_8)));
            lines.flush();
          });
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(csv, IoReason.of(e)), e);
    }
  }

  private void serve() {
    try (ReportServer server = ReportServer.start(serve, port == null ? 6007 : port)) {
      PrintWriter console = spec.commandLine().getOut();
      console.println("the runs in %s are at %s until Ctrl-C".formatted(serve, server.address()));
      console.flush();
      new CountDownLatch(1).await(); // until the process is ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
