package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.cli.texts.Table;
import org.segtrain.heads.HeadVariant;
import org.segtrain.measure.internal.ParameterCount;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain models}: the backbones and heads of this build, counted, not remembered. */
@Command(name = "models", description = "Lists backbones and heads.")
public final class ModelsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--markdown", description = "As Markdown tables.")
  private boolean markdown;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    print(backbones(), out);
    out.println();
    print(heads(), out);
    out.flush();
    return ExitCode.OK;
  }

  private void print(Table table, PrintWriter out) {
    out.print(markdown ? table.markdown() : table.text());
  }

  private static Table backbones() {
    Table table = new Table("backbone", "parameters", "channels", "source");
    for (BackboneVariant variant : BackboneVariant.values()) {
      Backbone backbone = variant.build();
      String channels =
          backbone.channels().stream().map(String::valueOf).collect(Collectors.joining(", "));
      String parameters = String.format(Locale.ROOT, "%,d", ParameterCount.of(variant));
      table.add(variant.toString(), parameters, channels, variant.source());
    }
    return table;
  }

  private static Table heads() {
    Table table = new Table("head", "source");
    for (HeadVariant head : HeadVariant.values()) {
      table.add(head.toString(), head.source());
    }
    return table;
  }
}
