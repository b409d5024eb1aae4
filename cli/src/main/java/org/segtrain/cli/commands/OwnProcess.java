package org.segtrain.cli.commands;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other processes of this command. */
final class OwnProcess {

  private static final String MAIN = "org.segtrain.cli.Segtrain"; // which stands above commands

  private OwnProcess() {}

  /** The command line of one, with the same Java and class path. */
  static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return command;
  }
}
