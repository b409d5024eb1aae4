package org.segtrain.spark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.segtrain.cli.texts.OptionSections;
import org.segtrain.cli.texts.ShortErrors;
import org.segtrain.cli.texts.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code segtrain-spark}, which {@code spark-submit} starts. */
@Command(
    name = "segtrain-spark",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = "org.segtrain.cli.options.Presets",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Runs semantic segmentation models on Apache Spark.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start it by spark-submit, whose options stand before the jar.",
      "Exit codes: 0 done, 1 wrong data or a failed job, 2 wrong usage."
    },
    subcommands = {PredictJob.class, EvalJob.class})
public final class SegtrainSpark implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean stacktrace;

  private SegtrainSpark() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // the texts are English everywhere
    try {
      System.exit(commandLine().execute(arguments));
    } catch (NoClassDefFoundError e) { // of a JVM that spark-submit has not started
      System.err.printf(
          "segtrain-spark: Java finds no class %s; start this by spark-submit, with the jars beside"
              + " it in --jars%n",
          e.getMessage().replace('/', '.'));
      System.exit(ExitCode.USAGE);
    }
  }

  /** The command, ready to execute. */
  static CommandLine commandLine() {
    SegtrainSpark segtrain = new SegtrainSpark();
    CommandLine command = new CommandLine(segtrain);
    List<String> commands = List.copyOf(command.getSubcommands().keySet());
    ShortErrors errors = new ShortErrors(() -> segtrain.stacktrace, commands);
    Map<String, IHelpSectionRenderer> help = command.getHelpSectionMap();
    help.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, unused -> "");
    help.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, OptionSections::render);
    return command
        .setHelpSectionMap(help)
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return List.of().equals(spec.commandLine().getParseResult().originalArgs())
        ? ExitCode.OK
        : ExitCode.USAGE;
  }
}
