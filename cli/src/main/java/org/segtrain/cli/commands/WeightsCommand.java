package org.segtrain.cli.commands;

import picocli.CommandLine.Command;

/** {@code segtrain weights}: files of weights, looked into and rewritten. */
@Command(
    name = "weights",
    description = "Lists, fetches, inspects, converts and averages weights.",
    subcommands = {
      WeightsListCommand.class,
      WeightsFetchCommand.class,
      WeightsInspectCommand.class,
      WeightsConvertCommand.class,
      WeightsAverageCommand.class
    })
public final class WeightsCommand {}
