package org.segtrain.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.segtrain.cli.commands.TrainRun;
import org.segtrain.cli.options.TrainOptions;
import org.segtrain.cli.texts.Examples;
import org.segtrain.cli.texts.MainHelp;
import org.segtrain.cli.texts.OptionSections;
import org.segtrain.cli.texts.Printable;
import org.segtrain.cli.texts.Screen;
import org.segtrain.cli.texts.ShortErrors;
import org.segtrain.cli.texts.Version;
import org.segtrain.cli.texts.Window;
import org.segtrain.cuda.CudaLibrary;
import org.segtrain.errors.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code segtrain}: with options it trains, with the name of a command it runs that.
 */
@Command(
    name = "segtrain",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    resourceBundle = "org.segtrain.cli.options.Presets",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Trains, evaluates, runs and exports semantic segmentation models.",
    parameterListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "@FILE reads options from FILE. COMMAND --help shows the options of a command.",
      "Exit codes: 0 done, 1 wrong data or a failed run, 2 wrong usage."
    })
public final class Segtrain implements Callable<Integer> {

  private static final String EXAMPLES = "examples"; // a section of each help

  @Spec private CommandSpec spec;

  private TrainOptions options; // where the arguments may hold some

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean stacktrace;

  private Segtrain() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(ShortErrors::uncaught);
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // the texts are English everywhere
    int code = run(commandLine(arguments), arguments);
    System.exit(code == ExitCode.OK ? Output.check(System.out, System.err) : code);
  }

  /** Executes a command; files of options that cannot be read are wrong usage. */
  static int run(CommandLine command, String... arguments) {
    Optional<String> wrong =
        Stream.of(arguments)
            .filter(argument -> argument.matches("@[^@].*") && isNoFile(argument.substring(1)))
            .findFirst();
    if (wrong.isPresent()) {
      PrintWriter err = command.getErr();
      err.println(
          Printable.of(
              "segtrain: options cannot be read from %s, which is no file; name a file behind @"
                  .formatted(wrong.get().substring(1))));
      err.flush();
      return ExitCode.USAGE;
    }
    return command.execute(arguments);
  }

  private static boolean isNoFile(String name) {
    Path file = Path.of(name);
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  /**
   * The command, ready to execute: it writes to the writers it is given and returns its exit code.
   *
   * @param arguments those that it will execute; without any it has all commands
   */
  static CommandLine commandLine(String... arguments) {
    Segtrain segtrain = new Segtrain();
    ShortErrors errors = new ShortErrors(() -> segtrain.stacktrace, Commands.NAMES);
    CommandLine commandLine = new CommandLine(segtrain);
    if (Commands.needsTraining(arguments)) {
      segtrain.options = new TrainOptions();
      commandLine.addMixin("training", segtrain.options);
    }
    Commands.needed(arguments)
        .forEach(name -> commandLine.addSubcommand(name, Commands.create(name)));
    commandLine
        .getCommandSpec()
        .usageMessage()
        .customSynopsis(
            "segtrain --backbone NAME [--dataset NAME] [--data DIR] [OPTIONS]",
            "      segtrain --recipe NAME [--data DIR] [OPTIONS]",
            "      segtrain COMMAND [OPTIONS]");
    Map<String, IHelpSectionRenderer> help = commandLine.getHelpSectionMap();
    help.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, unused -> "");
    help.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST,
        of -> of.commandSpec().parent() == null ? MainHelp.options(of) : OptionSections.render(of));
    help.put(EXAMPLES, Examples::render);
    List<String> sections = new ArrayList<>(commandLine.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), EXAMPLES);
    commandLine.setHelpSectionKeys(sections);
    commandLine.getCommandSpec().usageMessage().sectionKeys(commandsFirst(sections));
    return commandLine
        .setHelpSectionMap(help)
        .setAllowSubcommandsAsOptionParameters(true) // a folder may be called "data"
        .setOverwrittenOptionsAllowed(true) // so that what follows @FILE replaces what is in it
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setExecutionStrategy(parsed -> execute(parsed, errors));
  }

  /** The sections of the main help: its options are those of one command of many. */
  private static List<String> commandsFirst(List<String> sections) {
    List<String> sorted = new ArrayList<>(sections);
    List<String> commands =
        List.of(
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
    sorted.removeAll(commands);
    sorted.addAll(sorted.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING), commands);
    return sorted;
  }

  private static int execute(ParseResult parsed, ShortErrors errors) {
    for (ParseResult outer = parsed; outer.hasSubcommand(); outer = outer.subcommand()) {
      refuseMisplaced(outer);
    }
    List<CommandLine> commands = parsed.asCommandLineList();
    boolean isHelp =
        commands.stream().anyMatch(c -> c.isUsageHelpRequested() || c.isVersionHelpRequested());
    boolean runs = !isHelp && !parsed.originalArgs().isEmpty();
    if (runs) { // help has colours
      Screen.install(commands.get(0), Window.ofProcess());
    }
    CommandLine last = commands.get(commands.size() - 1);
    try {
      if (runs) {
        CudaLibrary.prepare(last.getErr()::println);
        NativeLibraries.ofClassPath()
            .flatMap(NativeLibraries::mend)
            .ifPresent(last.getErr()::println);
      }
      return new CommandLine.RunLast().execute(parsed);
    } catch (DataException e) { // of the libraries; RunLast wraps those of commands
      return errors.handleExecutionException(e, last, parsed);
    } catch (Error e) {
      return errors.handleError(e, last);
    }
  }

  private static void refuseMisplaced(ParseResult outer) {
    outer.matchedOptions().stream()
        .filter(option -> !option.inherited() && option.scopeType() == ScopeType.LOCAL)
        .findFirst()
        .ifPresent(option -> misplaced(outer, option.longestName()));
  }

  private static void misplaced(ParseResult parsed, String option) {
    String command = parsed.subcommand().commandSpec().name();
    throw new ParameterException(
        parsed.commandSpec().commandLine(),
        "%s stands before the command %s; put it behind, if %s knows it"
            .formatted(option, command, command));
  }

  @Override
  public Integer call() {
    if (spec.commandLine().getParseResult().originalArgs().isEmpty()) {
      PrintWriter out = spec.commandLine().getOut();
      spec.commandLine().usage(out);
      return ExitCode.OK;
    }
    return new TrainRun(spec, options).call();
  }
}
