package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.util.List;
import org.segtrain.cli.options.ReportOptions;
import org.segtrain.cli.texts.EvaluationJson;
import org.segtrain.cli.texts.EvaluationText;
import org.segtrain.config.internal.Json;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.metrics.Evaluation;
import picocli.CommandLine.Model.CommandSpec;

/** Tells an evaluation as it was asked for. */
final class EvaluationOutput {

  private EvaluationOutput() {}

  /** Prints the table or JSON, and writes the files. */
  static void print(
      CommandSpec spec, ReportOptions options, EvaluationSource source, Evaluation evaluation) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.isJson()) {
      out.print(Json.page(EvaluationJson.of(source, evaluation)));
    } else {
      out.print(new EvaluationText(source, evaluation).text());
    }
    out.flush(); // before files that may fail
    List<String> written = options.write(evaluation);
    if (!options.isJson()) {
      written.forEach(file -> out.println("wrote " + file));
      out.flush();
    }
  }
}
