package org.segtrain.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/** What to tell a person about an exception, in one sentence. */
final class Sentences {

  /** What the engine says when an allocation fails, on the CPU and on a GPU. */
  private static final String[] OUT_OF_MEMORY = {
    "not enough memory", "can't allocate memory", "out of memory"
  };

  private static final Pattern WANTED =
      Pattern.compile("tried to allocate ([\\d.]+ \\w+)", Pattern.CASE_INSENSITIVE);

  private Sentences() {}

  /** The sentence for {@code error}. */
  static String of(Throwable error) {
    if (isOutOfMemory(error)) {
      return outOfMemory(error);
    }
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return "unexpected %s; run again with --stacktrace and report what it prints"
          .formatted(error.getClass().getSimpleName());
    }
    return error instanceof DataException ? message : firstLine(message);
  }

  private static boolean isOutOfMemory(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause)
        .anyMatch(e -> e instanceof OutOfMemoryError || saysOutOfMemory(e.getMessage()));
  }

  private static boolean saysOutOfMemory(String message) {
    return message != null
        && Stream.of(OUT_OF_MEMORY).anyMatch(message.toLowerCase(Locale.ROOT)::contains);
  }

  private static String outOfMemory(Throwable error) {
    if (error instanceof OutOfMemoryError) {
      return ("the Java heap is full, which may grow to %s; lower --batch or --crop, or let it grow"
              + " with SEGTRAIN_OPTS=-Xmx8g")
          .formatted(Memory.size(Memory.heapMax()));
    }
    Matcher wanted = WANTED.matcher(String.valueOf(error.getMessage()));
    return "the engine got no memory%s (the machine has %s); lower --crop or --batch"
        .formatted(
            wanted.find() ? " for an array of " + wanted.group(1) : "",
            Memory.size(Memory.machine()));
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElseThrow();
  }
}
