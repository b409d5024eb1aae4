package org.segtrain.cli.commands;

import picocli.CommandLine.Command;

/** {@code segtrain data}: data sets on this machine. */
@Command(
    name = "data",
    description = "Fetches data sets; segtrain datasets lists those that are known.",
    subcommands = {DataFetchCommand.class})
public final class DataCommand {}
