package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.TrainOptions;
import org.segtrain.cli.texts.ConfigText;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.Configuration;
import org.segtrain.config.internal.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain config}: the values of a training with the same options, and their origins. */
@Command(
    name = "config",
    description = {
      "Shows every value of a training, and its origin.",
      "It takes the options of that training."
    })
public final class ConfigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON, which --config reads.")
  private boolean json;

  @Mixin private TrainOptions options;

  @Override
  public Integer call() {
    Configuration asked = new TrainRun(spec, options).configuration();
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? Json.page(asked.config()) : table(asked).text());
    out.flush();
    return ExitCode.OK;
  }

  private static Table table(Configuration asked) {
    ConfigText text = new ConfigText(asked.config());
    Table table = new Table("key", "origin", "value");
    Configuration.texts(asked.config())
        .forEach((key, value) -> table.add(key, asked.origins().get(key), text.text(key, value)));
    return table;
  }
}
