package org.segtrain.cli.commands;

import java.io.PrintWriter;
import org.segtrain.cli.options.ReportOptions;
import org.segtrain.cli.texts.EvaluationJson;
import org.segtrain.cli.texts.EvaluationText;
import org.segtrain.config.internal.Json;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.metrics.Evaluation;
import picocli.CommandLine.Model.CommandSpec;

/** Tells an evaluation as it was asked for. */
final class EvaluationReport {

  private EvaluationReport() {}

  /** Prints the table or JSON, and writes the files. */
  static void print(
      CommandSpec spec, ReportOptions options, EvaluationSource source, Evaluation evaluation) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.isJson()) {
      out.print(Json.page(EvaluationJson.of(source, evaluation)));
      options.write(evaluation);
    } else {
      out.print(new EvaluationText(source, evaluation).text());
      options.write(evaluation).forEach(file -> out.println("wrote " + file));
    }
    out.flush();
  }
}
