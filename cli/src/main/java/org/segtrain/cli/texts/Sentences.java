package org.segtrain.cli.texts;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;
import org.segtrain.measure.internal.Memory;

/** What to tell a person about an exception, in one sentence. */
final class Sentences {

  /** What the engine says when an allocation fails, on the CPU and on a GPU. */
  private static final String[] OUT_OF_MEMORY = {
    "not enough memory", "can't allocate memory", "out of memory"
  };

  /** Options by which less memory is needed. */
  private static final String[] SIZES = {"--crop", "--batch"};

  private static final Pattern WANTED =
      Pattern.compile("tried to allocate ([\\d.]+ \\w+)", Pattern.CASE_INSENSITIVE);

  private Sentences() {}

  /**
   * The sentence for {@code error}.
   *
   * @param options that the command has
   */
  public static String of(Throwable error, Set<String> options) {
    if (isOutOfMemory(error)) {
      return outOfMemory(error, smaller(options));
    }
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return "unexpected %s; run again with --stacktrace and report what it prints"
          .formatted(error.getClass().getSimpleName());
    }
    return error instanceof DataException
        ? new OptionNames(options).of(error)
        : firstLine(new OptionNames(options).of(error));
  }

  static boolean isOutOfMemory(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause)
        .anyMatch(e -> e instanceof OutOfMemoryError || saysOutOfMemory(e.getMessage()));
  }

  private static boolean saysOutOfMemory(String message) {
    return message != null
        && Stream.of(OUT_OF_MEMORY).anyMatch(message.toLowerCase(Locale.ROOT)::contains);
  }

  /** What to do against too little memory. */
  private static String smaller(Set<String> options) {
    String known = Stream.of(SIZES).filter(options::contains).collect(Collectors.joining(" or "));
    return known.isEmpty() ? "end other programs" : "lower " + known;
  }

  private static String outOfMemory(Throwable error, String advice) {
    if (error instanceof OutOfMemoryError) {
      return "the Java heap is full, which may grow to %s; %s, or let it grow with SEGTRAIN_OPTS=-Xmx8g"
          .formatted(Memory.size(Memory.heapMax()), advice);
    }
    Matcher wanted = WANTED.matcher(String.valueOf(error.getMessage()));
    return "the engine got no memory%s (the machine has %s); %s"
        .formatted(
            wanted.find() ? " for an array of " + wanted.group(1) : "",
            Memory.size(Memory.machine()),
            advice);
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElseThrow();
  }
}
