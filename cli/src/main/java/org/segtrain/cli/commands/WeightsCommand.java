package org.segtrain.cli.commands;

import picocli.CommandLine.Command;

/** {@code segtrain weights}: files of weights, looked into and rewritten. */
@Command(
    name = "weights",
    description =
        "Lists and fetches published weights; looks into files of weights and rewrites them.",
    subcommands = {
      WeightsListCommand.class,
      WeightsFetchCommand.class,
      WeightsInspectCommand.class,
      WeightsConvertCommand.class,
      WeightsAverageCommand.class
    })
public final class WeightsCommand {}
