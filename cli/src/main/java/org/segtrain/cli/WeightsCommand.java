package org.segtrain.cli;

import picocli.CommandLine.Command;

/** {@code segtrain weights}: files of weights, looked into and rewritten. */
@Command(
    name = "weights",
    description = "Looks into files of weights, of whatever origin, and rewrites them.",
    subcommands = {WeightsInspectCommand.class, WeightsConvertCommand.class})
final class WeightsCommand {}
