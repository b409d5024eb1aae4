package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.ReportOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.EvaluationText;
import org.segtrain.inference.EvaluationPart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain eval merge}: the counts of several processes, merged. */
@Command(
    name = "merge",
    description = {
      "Merges the files of segtrain eval --shard into the result of a single process.",
      "It refuses files of different evaluations, and shards that are missing or given twice."
    })
final class EvalMergeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files of all shards, in any order.")
  private List<Path> files;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For images that could not be read: fail (exit code 1) or skip (only count them)"
              + " (fail).")
  private String onError;

  @Mixin private final ReportOptions report = new ReportOptions();

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    BadFiles bad = new BadFiles(spec, usage.of(() -> OnError.of(onError)));
    usage.check(report::check);
    EvaluationPart whole = EvaluationPart.merge(files);
    if (!report.isJson()) {
      PrintWriter out = spec.commandLine().getOut();
      whole.source().model().forEach(out::println);
      out.println(EvaluationText.data(whole.source()));
    }
    EvaluationOutput.print(spec, report, whole.source(), whole.evaluation());
    bad.addAll(whole.unread());
    return bad.report(whole.source().images());
  }
}
