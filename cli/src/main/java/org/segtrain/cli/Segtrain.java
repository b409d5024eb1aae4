package org.segtrain.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The command {@code segtrain}. */
@Command(
    name = "segtrain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Trains, evaluates, runs and exports semantic segmentation models.")
public final class Segtrain implements Runnable {

  @Spec private CommandLine.Model.CommandSpec spec;

  private Segtrain() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Segtrain()).execute(arguments));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
