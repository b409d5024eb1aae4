package org.segtrain.cli.commands;

import picocli.CommandLine.Command;

/** {@code segtrain data}: data sets on this machine. */
@Command(
    name = "data",
    description = {
      "Checks, shows and fetches data sets.",
      "segtrain datasets lists the known ones."
    },
    subcommands = {DataCheckCommand.class, DataBrowseCommand.class, DataFetchCommand.class})
public final class DataCommand {}
