package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Table;
import org.segtrain.errors.Counted;
import org.segtrain.inference.Resources;
import org.segtrain.parity.Parity;
import org.segtrain.parity.ParityReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain parity}: this build against numbers that the papers' own code gave. */
@Command(
    name = "parity",
    description = "Compares this build with recorded files of the reference.",
    footer = {
      "",
      "noise only: arrays in which the reference's own float32 noise hides every difference.",
      "to float64: arrays that float32 noise left open, so the run was repeated in float64.",
      "Exit codes: 0 all agree, 1 some do not, 2 this build lacks the model."
    })
public final class ParityCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON files of the reference.")
  private List<Path> files;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Resources resources = new Usage(spec).of(() -> device.resources(1));
    boolean passed = true;
    for (Path file : files) {
      ParityReport report = Parity.run(file, resources.device());
      print(file, report, out);
      passed &= report.passed();
    }
    return passed ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void print(Path file, ParityReport report, PrintWriter out) {
    out.println("%s: %s".formatted(file, report.model()));
    Table table =
        new Table(
            "section", "numbers", "noise only", "to float64", "worst error", "tolerance", "", "of");
    for (ParityReport.Section section : report.sections()) {
      table.add(
          section.name(),
          String.valueOf(section.compared()),
          String.valueOf(section.inconclusive()),
          String.valueOf(section.undecided()),
          number(section.error()),
          number(section.tolerance()),
          section.passed() ? "ok" : "FAILED",
          section.entry());
    }
    out.print(table.text());
    if (!report.missing().isEmpty()) {
      out.println("not in the file, so not compared: " + String.join(", ", report.missing()));
    }
    out.println(
        "%s compared: %s"
            .formatted(
                Counted.of(report.compared(), "number"),
                report.passed() ? "all agree" : "NOT all agree"));
    out.flush();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }
}
