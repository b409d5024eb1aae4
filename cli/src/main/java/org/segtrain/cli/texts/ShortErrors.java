package org.segtrain.cli.texts;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;
import org.segtrain.parity.UnknownModelException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Errors as one sentence on the error stream.
 *
 * @param stacktrace whether the stack trace follows
 * @param commands of {@code segtrain}, which need not all be built
 */
public record ShortErrors(BooleanSupplier stacktrace, List<String> commands)
    implements IParameterExceptionHandler, IExecutionExceptionHandler {

  /** The message of picocli for a value that is no number. */
  private static final Pattern WRONG_TYPE =
      Pattern.compile(
          "(?s)Invalid value for option '([^']+)'.*?: '(.*)' is not an? (int|long|float|double)");

  private static final Set<String> WHOLE = Set.of("int", "long");

  /** Wrong usage: the sentence, then one line that shows the usage. */
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(Printable.of("%s: %s".formatted(name, sentence(e))));
    err.println("Usage: %s; see %s --help".formatted(synopsis(command, name), name));
    trace(e, err);
    return ExitCode.USAGE;
  }

  /** Wrong data, or a run that failed. */
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof UnknownModelException) {
      return handleParseException(new ParameterException(command, e.getMessage(), e), null);
    }
    return failed(e, command);
  }

  /** An error that is no exception, as a full heap is, which picocli lets pass. */
  public int handleError(Error e, CommandLine command) {
    return failed(e, command);
  }

  private int failed(Throwable e, CommandLine command) {
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(Printable.of("%s: %s".formatted(name, sentence(e, command.getCommandSpec()))));
    trace(e, err);
    return ExitCode.SOFTWARE;
  }

  /** The sentence alone, for an error of any thread that no command catches. */
  public static void uncaught(Thread thread, Throwable e) {
    System.err.println(Printable.of("segtrain: " + Sentences.of(e, Set.of())));
  }

  /** The sentence about an error for a user of the command. */
  public static String sentence(Throwable e, CommandSpec command) {
    return Sentences.of(e, command.optionsMap().keySet());
  }

  /** Whether there was not enough memory, in the heap or the engine. */
  public static boolean isOutOfMemory(Throwable e) {
    return Shortage.isSaidBy(e);
  }

  private void trace(Throwable e, PrintWriter err) {
    if (stacktrace.getAsBoolean()) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  private static String synopsis(CommandLine command, String name) {
    List<String> operands =
        command.getCommandSpec().positionalParameters().stream()
            .map(p -> p.paramLabel() + (p.arity().max() > 1 ? "..." : ""))
            .toList();
    return Stream.of(List.of(name), operands, List.of("[options]"))
        .flatMap(List::stream)
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }

  /** Without the words that Java has for numbers. */
  private static String plain(String message) {
    Matcher wrong = WRONG_TYPE.matcher(message);
    return wrong.matches()
        ? "%s must be a %s, but is \"%s\""
            .formatted(
                wrong.group(1),
                WHOLE.contains(wrong.group(3)) ? "whole number" : "number",
                wrong.group(2))
        : message;
  }

  private String sentence(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      String message =
          e.getCause() instanceof UsageException wrong
              ? new OptionNames(e.getCommandLine().getCommandSpec().optionsMap().keySet()).of(wrong)
              : plain(e.getMessage());
      return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
    String given = unmatched.getUnmatched().get(0);
    var spec = e.getCommandLine().getCommandSpec();
    boolean isOption = given.startsWith("-");
    List<String> below =
        spec.parent() == null ? commands : List.copyOf(spec.subcommands().keySet());
    List<String> known = isOption ? List.copyOf(spec.optionsMap().keySet()) : below;
    String what = isOption ? "option" : below.isEmpty() ? "argument" : "command";
    return new Choice(what, known)
        .nearest(given.replaceFirst("=.*", ""))
        .map(name -> "unknown %s \"%s\"; did you mean %s?".formatted(what, given, name))
        .orElse("unknown %s \"%s\"".formatted(what, given));
  }
}
