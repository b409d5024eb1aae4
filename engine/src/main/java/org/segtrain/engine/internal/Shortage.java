package org.segtrain.engine.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Too little memory, in the engine or the Java heap, as the errors of both say it. */
public final class Shortage {

  /** What the engine says when an allocation fails, on the CPU and on a GPU, and OpenCV. */
  private static final String[] OUT_OF_MEMORY = {
    "not enough memory", "can't allocate memory", "out of memory", "insufficient memory"
  };

  private static final Pattern WANTED =
      Pattern.compile("tried to allocate ([\\d.]+ \\w+)", Pattern.CASE_INSENSITIVE);

  private Shortage() {}

  /** Whether {@code error} or its cause is a lack of memory. */
  public static boolean isSaidBy(Throwable error) {
    return causes(error)
        .anyMatch(e -> e instanceof OutOfMemoryError || saysOutOfMemory(e.getMessage()));
  }

  private static boolean saysOutOfMemory(String message) {
    return message != null
        && Stream.of(OUT_OF_MEMORY).anyMatch(message.toLowerCase(Locale.ROOT)::contains);
  }

  /** Whether the system begins no more threads, which Java reports as a lack of memory too. */
  public static boolean isOfThreads(Throwable error) {
    return causes(error)
        .anyMatch(
            e ->
                e instanceof OutOfMemoryError
                    && String.valueOf(e.getMessage()).contains("native thread"));
  }

  /** Whether the Java heap was full. */
  public static boolean isOfHeap(Throwable error) {
    return causes(error).anyMatch(OutOfMemoryError.class::isInstance);
  }

  /** The requested size, "20.00 GiB", if the error names it. */
  public static Optional<String> wanted(Throwable error) {
    return causes(error)
        .map(e -> WANTED.matcher(String.valueOf(e.getMessage())))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause);
  }
}
